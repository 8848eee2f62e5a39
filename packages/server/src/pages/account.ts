import { html } from 'hono/html'
import { type Html, layout } from './layout.ts'
import { form } from './parts/form.ts'
import { icon } from './parts/icons.ts'
import { initial, name } from './parts/people.ts'
import { problemSummary } from './parts/problem.ts'
import { time } from './parts/time.ts'
import type { AccountItem, AccountView, PageFrame } from './views.ts'

/** `/account`: who is signed in in this browser, and signing out. */
export function accountPage(frame: PageFrame, view: AccountView): Html {
  const several = view.accounts.length > 1
  return layout(frame, {
    title: several ? 'Your accounts' : 'Your account',
    failed: view.problem !== null,
    body: html`<h1>${several ? 'Your accounts' : 'Your account'}</h1>
<p class="lead">${several ? 'This browser is signed in to these accounts.' : 'This browser is signed in.'}</p>
${form(
  view.form,
  html`${problemSummary(view.problem)}
<ul class="list">
${view.accounts.map((account) => accountItem(account, frame.locale, several))}
</ul>
${view.ways === null ? '' : waysSection(view.ways, several)}
<p class="actions"><a class="action" href="${view.signInHref}">Sign in with another account</a></p>`,
)}`,
  })
}

function accountItem(account: AccountItem, locale: string, several: boolean): Html {
  const shown = account.name?.trim() ? account.name : account.email
  return html`<li class="account">
<div class="row">${initial(shown, 'person')}<div class="row-text">${name(shown)}${
    shown === account.email ? '' : html`<p class="quiet" dir="auto">${account.email}</p>`
  }<p class="quiet">Signed in ${time(account.signedInAt, locale)}</p>${
    several && account.active ? html`<p class="badge badge-good">${icon('check', 'small')}In use</p>` : ''
  }</div></div>
<button class="button" type="submit" name="sign_out" value="${account.sid}"${
    several ? html` aria-label="Sign out ${shown}"` : ''
  }>Sign out</button>
</li>`
}

function waysSection({ names, href }: NonNullable<AccountView['ways']>, several: boolean): Html {
  return html`<section><h2>Ways to sign in${several ? ' to the account in use' : ''}</h2>
<ul class="list">${names.map((way) => html`<li class="row">${name(way)}</li>`)}</ul>
<p class="section-more"><a class="action" href="${href}">Connect or disconnect</a></p></section>`
}
