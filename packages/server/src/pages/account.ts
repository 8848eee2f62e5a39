import { html } from 'hono/html'
import { type Html, layout } from './layout.ts'
import { form } from './parts/form.ts'
import { icon } from './parts/icons.ts'
import { initial, name } from './parts/people.ts'
import { problemSummary } from './parts/problem.ts'
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

/** A moment in the person's own way of writing, in UTC since the server cannot know their clock. */
function time(seconds: number, locale: string): Html {
  const date = new Date(seconds * 1000)
  return html`<time datetime="${date.toISOString()}">${formatFor(locale).format(date)} UTC</time>`
}

const FORMATS = new Map<string, Intl.DateTimeFormat>()

/** Making one takes longer than the rest of the page, so each locale's is kept. */
function formatFor(locale: string): Intl.DateTimeFormat {
  const known = FORMATS.get(locale)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  FORMATS.set(locale, made)
  return made
}
