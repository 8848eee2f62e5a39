import { html } from 'hono/html'
import { type Html, layout } from './layout.ts'
import { form } from './parts/form.ts'
import { icon } from './parts/icons.ts'
import { name } from './parts/people.ts'
import { problemSummary } from './parts/problem.ts'
import { providerMark } from './parts/providers.ts'
import { day, isSameDay } from './parts/time.ts'
import type {
  ConnectionNotice,
  ConnectionsView,
  DisconnectView,
  LinkedItem,
  PageFrame,
  ProviderItem,
} from './views.ts'

const TITLE = 'Ways to sign in'

/** `/account/connections`: how a person gets into an account, and connecting and disconnecting providers. */
export function connectionsPage(frame: PageFrame, view: ConnectionsView): Html {
  return layout(frame, {
    title: TITLE,
    failed: view.problem !== null,
    body: html`<h1>${TITLE}</h1>
<p class="lead">How you get into ${name(view.email)}.</p>
${form(
  view.form,
  html`<input type="hidden" name="account" value="${view.sid}">
${problemSummary(view.problem)}${noticeOf(view.notice)}
<section><h2>You sign in with</h2>
<ul class="list">
${passwordRow(view.hasPassword)}
${view.linked.map((item) => linkedRow(item, frame.locale))}
</ul></section>
${view.free.length === 0 && view.linked.length > 0 ? '' : freeSection(view.free, view.linked.length === 0)}
<p class="actions"><a class="action" href="${view.accountHref}">Back to your account</a></p>`,
)}`,
  })
}

function passwordRow(hasPassword: boolean): Html {
  return html`<li class="row"><span class="tile">${icon('key')}</span><div class="row-text"><p>${name('Password')}</p>
<p class="quiet">${hasPassword ? 'Set' : 'Not set'}</p></div></li>`
}

function linkedRow(item: LinkedItem, locale: string): Html {
  const reason = `reason-${item.id}`
  return html`<li class="account">
<div class="row"><span class="tile">${providerMark(item)}</span><div class="row-text"><p>${name(item.name)}</p>${
    item.label === null ? '' : html`<p class="quiet" dir="auto">${item.label}</p>`
  }<p class="quiet">Connected ${day(item.linkedAt, locale)}${
    isSameDay(item.usedAt, item.linkedAt) ? '' : html`, last used ${day(item.usedAt, locale)}`
  }</p>${
    item.offered
      ? ''
      : html`<p class="badge badge-warning">${icon('warning', 'small')}Not offered here any more</p>`
  }</div></div>
${
  item.disconnectHref === null
    ? html`<div><button class="button" type="button" disabled aria-describedby="${reason}">Disconnect</button>
<p class="quiet disabled-reason" id="${reason}">It is your only way in. Connect another first, or ask whoever runs this site for a password.</p></div>`
    : html`<a class="button" href="${item.disconnectHref}" aria-label="Disconnect ${item.name}">Disconnect</a>`
}
</li>`
}

function freeSection(free: readonly ProviderItem[], nothingLinked: boolean): Html | string {
  if (free.length === 0) return html`<p class="quiet">No other way to sign in is offered here.</p>`
  return html`<section><h2>Add another way</h2>
${nothingLinked ? html`<p class="quiet section-lead">Nothing is connected. Connect an account that you have elsewhere, and you can sign in with it.</p>` : ''}
<div class="providers">
${free.map(connectButton)}
</div></section>`
}

function connectButton(provider: ProviderItem): Html {
  return html`<button class="button provider" type="submit" name="connect" value="${provider.id}">${providerMark(provider)}<span>Connect ${name(provider.name)}</span></button>`
}

function noticeOf(notice: ConnectionNotice | null): Html | string {
  if (notice === null) return ''
  const { title, text, good } = words(notice)
  return html`<div class="notice notice-${good ? 'good' : 'danger'}" role="${good ? 'status' : 'alert'}">${icon(
    good ? 'check' : 'error',
  )}<div><strong>${title}</strong><p>${text}</p></div></div>`
}

type Words = { readonly title: string; readonly text: string; readonly good: boolean }

function words({ kind, provider }: ConnectionNotice): Words {
  switch (kind) {
    case 'linked':
      return { title: `${provider} is connected`, text: 'From now on you can sign in with it.', good: true }
    case 'already':
      return { title: `${provider} is connected already`, text: 'Nothing has changed.', good: true }
    case 'disconnected':
      return {
        title: `${provider ?? 'The account'} is disconnected`,
        text: 'It does not sign you in any more.',
        good: true,
      }
    case 'denied':
      return {
        title: `${provider} was not connected`,
        text: `${provider} says that it was refused there. Nothing has changed; connect it again if you did not mean to.`,
        good: false,
      }
    case 'last':
      return {
        title: `${provider} is your only way in`,
        text: 'It was not disconnected. Connect another first, or ask whoever runs this site for a password.',
        good: false,
      }
  }
}

/** Before a provider is disconnected: what will not work any more, and what still does. */
export function disconnectPage(frame: PageFrame, view: DisconnectView): Html {
  const { item, remaining } = view
  const title = `Disconnect ${item.name}?`
  return layout(frame, {
    title,
    body: html`<h1>${title}</h1>
<p class="lead">${item.offered ? 'You will not be able to' : 'You cannot'} sign in to ${name(view.email)} with ${
      item.label === null
        ? html`this ${item.name} account`
        : html`the ${item.name} account ${name(item.label)}`
    } any more${item.offered ? '. Apps that use it through your account here lose it.' : ', since it is not offered here. Your account forgets it.'}</p>
${form(
  view.form,
  html`<input type="hidden" name="account" value="${view.sid}">
<section><h2>You still sign in with</h2><ul class="list">${remaining.map((way) => html`<li class="row">${name(way)}</li>`)}</ul></section>
<div class="button-pair">
<a class="button" href="${view.cancelHref}">Keep it</a>
<button class="button button-danger" type="submit" name="disconnect" value="${item.id}">Disconnect</button>
</div>`,
)}`,
  })
}
