import { html } from 'hono/html'
import { type Html, layout } from './layout.ts'
import { choiceButton, form } from './parts/form.ts'
import { webUrl } from './parts/links.ts'
import { name, person } from './parts/people.ts'
import { problemSummary } from './parts/problem.ts'
import type { LoggedOutView, LogoutView, PageFrame } from './views.ts'

/** `/oauth/logout` where the request alone does not prove what the person wants (RP-Initiated Logout §2). */
export function logoutPage(frame: PageFrame, view: LogoutView): Html {
  return layout(frame, {
    title: 'Sign out?',
    failed: view.problem !== null,
    body: html`<h1>Sign out?</h1>
<p class="lead">${
      view.app === null ? 'This ends' : html`${name(view.app.name)} asks to sign you out. This ends`
    } your session here and in the apps that rely on it.</p>
${form(
  view.form,
  html`${problemSummary(view.problem)}
<div class="boxed row">${person(view.account)}</div>
<div class="button-pair">
${choiceButton({ name: 'decision', value: 'stay', text: 'Stay signed in' }, 'plain')}
${choiceButton({ name: 'decision', value: 'logout', text: 'Sign out' }, 'primary')}
</div>`,
)}`,
  })
}

/** After signing out, where the app named no page of its own to go back to. */
export function loggedOutPage(frame: PageFrame, view: LoggedOutView): Html {
  const title = 'You are signed out'
  const homeUrl = webUrl(view.app?.homeUrl ?? null)
  return layout(frame, {
    title,
    body: html`<h1>${title}</h1>
<p class="lead">On a shared computer, close the browser too.</p>
<div class="stack stack-tight">
${homeUrl === null || view.app === null ? '' : html`<a class="button button-primary" href="${homeUrl}"><span>Back to ${name(view.app.name)}</span></a>`}
<a class="button" href="${view.signInHref}">Sign in again</a>
</div>`,
  })
}
