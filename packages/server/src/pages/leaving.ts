import { html } from 'hono/html'
import { type Html, layout } from './layout.ts'
import { name } from './parts/people.ts'
import type { LeavingView, PageFrame } from './views.ts'

/**
 * Between a form of ours and a provider. Chromium holds every redirect behind a form against `form-action`, and a provider
 * may lead on to hosts that nobody here knows: from this page the browser goes there anew.
 */
export function leavingPage(frame: PageFrame, view: LeavingView): Html {
  const title = `Going to ${view.provider}`
  return layout(frame, {
    title,
    onwards: view.href,
    body: html`<h1>${title}</h1>
<p class="lead">Sign in there with the account that you want to connect. Then you come back.</p>
<div class="stack"><a class="button button-primary" href="${view.href}" rel="nofollow"><span>Continue to ${name(view.provider)}</span></a></div>`,
  })
}
