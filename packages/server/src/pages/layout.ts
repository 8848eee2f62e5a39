import { html } from 'hono/html'
import { assetUrl } from './assets.ts'
import { webUrl } from './parts/links.ts'
import type { PageFrame } from './views.ts'

/** A finished piece of a page: what was interpolated into it is escaped. */
export type Html = ReturnType<typeof html>

/** What a page puts into the frame that all share. */
export type Page = {
  /** For the browser's tab; the operator's name is added. */
  readonly title: string
  /** True where a form is shown again with a problem: the title says so first, as screen readers read it first. */
  readonly failed?: boolean
  readonly body: Html
  /** Where the browser goes on to by itself: a navigation of its own, not the end of a form's. */
  readonly onwards?: string
  /** A script file of ours, where the page has one. */
  readonly script?: '/assets/form-post.js'
}

/** The whole document around one page: head, brand, card, footer. Nothing inline, as the CSP demands. */
export function layout(frame: PageFrame, page: Page): Html {
  const title = `${page.failed ? 'Error: ' : ''}${page.title} · ${frame.branding.name}`
  return html`<!doctype html>
<html lang="${frame.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
${page.onwards === undefined ? '' : html`<meta http-equiv="refresh" content="0; url=${page.onwards}">`}
<link rel="icon" type="image/svg+xml" href="${assetUrl(frame, '/assets/favicon.svg')}">
<link rel="stylesheet" href="${assetUrl(frame, '/assets/doorward.css')}">
<link rel="stylesheet" href="${assetUrl(frame, '/assets/theme.css')}">
${page.script === undefined ? '' : html`<script src="${assetUrl(frame, page.script)}" defer></script>`}
</head>
<body>
<div class="card">
<header class="brand">${brand(frame)}</header>
<main>
${page.body}
</main>
</div>
${footer(frame)}
</body>
</html>
`
}

function brand(frame: PageFrame): Html {
  const { logoUrl, name } = frame.branding
  if (logoUrl !== null) return html`<img class="brand-logo" src="${logoUrl}" alt="${name}">`
  return html`<img class="brand-mark" src="${assetUrl(frame, '/assets/mark.svg')}" alt="" width="32" height="32"><span>${name}</span>`
}

function footer(frame: PageFrame): Html | string {
  const links = [
    { text: 'Privacy', href: webUrl(frame.branding.privacyUrl) },
    { text: 'Help', href: webUrl(frame.branding.helpUrl) },
  ].filter(({ href }) => href !== null)
  if (links.length === 0) return ''
  return html`<footer class="footer"><ul>${links.map(
    ({ text, href }) => html`<li><a class="action" href="${href}">${text}</a></li>`,
  )}</ul></footer>`
}
