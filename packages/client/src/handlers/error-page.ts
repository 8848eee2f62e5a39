import type { ClientError } from '../errors.ts'

/** Where the page's links lead. */
export type ErrorLinks = {
  /** The style file. */
  readonly style: string
  /** Where a sign-in begins, and the words for it. */
  readonly starts: readonly { readonly text: string; readonly href: string }[]
  /** The app. */
  readonly home: string
}

/** What happened, why, and what to do: for the person, and folded for whoever runs the app. */
export function errorPage(error: ClientError, { style, starts, home }: ErrorLinks): string {
  const { title, explanation, fix } = error.explained
  const buttons = starts.map(
    ({ text, href }) => `<a class="button" href="${escapeHtml(href)}">${escapeHtml(text)}</a>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${escapeHtml(style)}">
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(explanation)}</p>
${wordsOf(error)}
<p class="actions">${buttons.join('')}<a class="button quiet" href="${escapeHtml(home)}">Back to the app</a></p>
<details><summary>For developers</summary>
<dl>
<dt>How to fix it</dt><dd>${code(fix)}</dd>
<dt>Cause code</dt><dd><code>${escapeHtml(error.code)}</code></dd>
${error.provider === null ? '' : `<dt>Provider</dt><dd><code>${escapeHtml(error.provider)}</code></dd>`}
</dl></details>
</main>
</body>
</html>
`
}

/** What the provider, or the app, says of it: somebody else's text. */
function wordsOf({ detail, code }: ClientError): string {
  if (detail === null) return ''
  if (code === 'sign_in_refused') return `<p class="words">${escapeHtml(detail)}</p>`
  return `<p class="label">In detail</p>
<p class="words">${escapeHtml(detail)}</p>`
}

/** Our own texts mark names of options by backticks. */
function code(text: string): string {
  return escapeHtml(text).replace(/`([^`]*)`/g, '<code>$1</code>')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
