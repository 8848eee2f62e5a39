import type { Reply } from './incoming.ts'

/** What one page shows. */
export type Page = {
  readonly title: string
  /** Markup, every foreign text in it escaped. */
  readonly body: string
  /** Where the style file is. */
  readonly style: string
}

/** What differs between the answers that pages are. */
export type PageTerms = {
  readonly status: number
  readonly cookies: readonly string[]
  /** Where its forms may lead, by the browser's reading of every redirect that follows (CSP `form-action`). */
  readonly formAction: string
  readonly referrerPolicy: 'no-referrer' | 'same-origin'
}

/** A page: nothing inline, nothing from elsewhere, never framed, never kept. */
export function pageReply(
  { title, body, style }: Page,
  { status, cookies, formAction, referrerPolicy }: PageTerms,
): Reply {
  return {
    status,
    cookies,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `default-src 'none'; style-src 'self'; base-uri 'none'; form-action ${formAction}; frame-ancestors 'none'`,
      'Cache-Control': 'no-store',
      'Referrer-Policy': referrerPolicy,
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    },
    body: `<!doctype html>
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
${body}
</main>
</body>
</html>
`,
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as markup shows it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
