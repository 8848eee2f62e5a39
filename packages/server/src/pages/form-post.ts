import { html } from 'hono/html'
import { type Html, layout } from './layout.ts'
import { name } from './parts/people.ts'
import type { FormPostView, PageFrame } from './views.ts'

/** The answer to an app as a form (OAuth 2.0 Form Post Response Mode); a script file submits it where scripts run. */
export function formPostPage(frame: PageFrame, view: FormPostView): Html {
  const title = view.app === null ? 'One more step' : `Continue to ${view.app.name}`
  return layout(frame, {
    title,
    script: '/assets/form-post.js',
    body: html`<h1>${view.app === null ? title : html`Continue to ${name(view.app.name)}`}</h1>
<p class="lead">This takes you back to the app that you came from.</p>
<form class="stack" method="post" action="${view.action}">
${view.fields.map(([field, value]) => html`<input type="hidden" name="${field}" value="${value}">`)}
<button class="button button-primary" type="submit">Continue</button>
</form>`,
  })
}
