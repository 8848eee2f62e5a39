/** What the browser shows once it is back. */
export type Page = { readonly status: number; readonly title: string; readonly text: string }

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? '')

/** The page as HTML: no script, no style, nothing from elsewhere. */
export const renderPage = ({ title, text }: Page): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title>` +
  `<main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></main></html>`

/** Sent with each page. The address holds a code: it goes to nobody, and into no cache. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  connection: 'close',
}
