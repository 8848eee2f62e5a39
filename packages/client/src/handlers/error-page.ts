import type { ClientError } from '../errors.ts'
import { escapeHtml } from './page.ts'

/** Where the page's links lead. */
export type ErrorLinks = {
  /** Where a sign-in begins, and the words for it. */
  readonly starts: readonly { readonly text: string; readonly href: string }[]
  /** The app. */
  readonly home: string
}

/** What happened, why, and what to do, below the title: for the person, and folded for whoever runs the app. */
export function errorBody(error: ClientError, { starts, home }: ErrorLinks): string {
  const { explanation, fix } = error.explained
  const buttons = starts.map(
    ({ text, href }) => `<a class="button" href="${escapeHtml(href)}">${escapeHtml(text)}</a>`,
  )
  return `<p>${escapeHtml(explanation)}</p>
${wordsOf(error)}
<p class="actions">${buttons.join('')}<a class="button quiet" href="${escapeHtml(home)}">Back to the app</a></p>
<details><summary>For developers</summary>
<dl>
<dt>How to fix it</dt><dd>${code(fix)}</dd>
<dt>Cause code</dt><dd><code>${escapeHtml(error.code)}</code></dd>
${error.provider === null ? '' : `<dt>Provider</dt><dd><code>${escapeHtml(error.provider)}</code></dd>`}
</dl></details>`
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
