import { html } from 'hono/html'
import { type Html, layout } from './layout.ts'
import { form } from './parts/form.ts'
import { icon } from './parts/icons.ts'
import { leadTo, person } from './parts/people.ts'
import { problemSummary } from './parts/problem.ts'
import type { ChooseView, PageFrame } from './views.ts'

/** `/login/choose`: one of the accounts signed in in this browser, or another one. */
export function choosePage(frame: PageFrame, view: ChooseView): Html {
  return layout(frame, {
    title: 'Choose an account',
    failed: view.problem !== null,
    body: html`<h1>Choose an account</h1>
${leadTo(view.app, 'to continue to')}
${form(
  view.form,
  html`${problemSummary(view.problem)}
<ul class="list">
${view.accounts.map(
  (account) =>
    html`<li><button class="choice" type="submit" name="account" value="${account.sid}">${person(account)}${icon('forward')}</button></li>`,
)}
<li><button class="choice" type="submit" name="account" value="other"><span class="tile">${icon('plus')}</span><span class="row-text">Use another account</span>${icon('forward')}</button></li>
</ul>`,
)}`,
  })
}
