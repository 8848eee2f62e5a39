import { html } from 'hono/html'
import { type Html, layout } from './layout.ts'
import type { ErrorView, PageFrame } from './views.ts'

/** What happened, by status; what was wrong in particular follows from the view's own sentence. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'This request cannot go on',
  401: 'This needs you to be signed in',
  403: 'This is not allowed',
  404: 'There is no page here',
  405: 'This page cannot be used that way',
  413: 'That was too much at once',
  429: 'Too many tries',
  500: 'Something failed on our side',
  503: 'Too busy right now',
}

/** Any refusal that a person sees: what happened, why, what to do next, and a reference for the log. */
export function errorPage(frame: PageFrame, view: ErrorView): Html {
  const title = TITLES[view.status] ?? (view.status >= 500 ? TITLES[500] : TITLES[400]) ?? ''
  return layout(frame, {
    title,
    body: html`<h1>${title}</h1>
<p class="lead">${view.description}</p>
<div class="stack">
<section><h2>What to do next</h2><p>${nextStep(view.status)}</p></section>
<p class="quiet">Reference <code class="reference">${view.reference}</code></p>
<details class="developer"><summary>For developers</summary>
<dl>
<div><dt>Why, and how to fix it</dt><dd>${view.fix}</dd></div>
<div><dt>Cause code</dt><dd><code>${view.reason}</code></dd></div>
<div><dt>OAuth error</dt><dd><code>${view.code}</code></dd></div>
<div><dt>Explained in</dt><dd><code>docs/reference/errors.md#${view.reason}</code></dd></div>
</dl></details>
</div>`,
  })
}

function nextStep(status: number): string {
  if (status === 429 || status === 503) return 'Wait a little, then try again.'
  if (status >= 500)
    return 'Try again in a moment. If it happens again, tell the people who run this service the reference below.'
  if (status === 404) return 'Check the address, or go back to the app that you came from.'
  return 'Go back to the app that you came from and start again. If it happens again, tell its people the reference below.'
}
