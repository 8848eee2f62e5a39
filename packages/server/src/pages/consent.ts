import { html } from 'hono/html'
import { type Html, layout } from './layout.ts'
import { choiceButton, form } from './parts/form.ts'
import { icon } from './parts/icons.ts'
import { webUrl } from './parts/links.ts'
import { initial, name, person } from './parts/people.ts'
import { problemSummary } from './parts/problem.ts'
import {
  API_PERMISSION,
  claimPermission,
  connectionPermission,
  type Permission,
  scopePermission,
} from './parts/scopes.ts'
import type { AppView, ConsentGroup, ConsentView, PageFrame } from './views.ts'

/** `/consent`: who asks, who is signed in, what it will be able to do; Allow and Cancel of equal size. */
export function consentPage(frame: PageFrame, view: ConsentView): Html {
  const claims = view.claims.map(claimPermission)
  return layout(frame, {
    title: `Allow ${view.app.name}?`,
    failed: view.problem !== null,
    body: html`<h1>Allow ${name(view.app.name)} to use your account?</h1>
${form(
  view.form,
  html`${problemSummary(view.problem)}
<ul class="list">
<li class="row">${appTile(view.app)}</li>
<li class="row">${person(view.account)}<a class="action" href="${view.chooseHref}">Not you?</a></li>
</ul>
${view.groups.map((group) => groupSection(group, view.app))}
${claims.length === 0 ? '' : section('It will also get', claims)}
<div class="button-pair">
${choiceButton({ name: 'decision', value: 'deny', text: 'Cancel' }, 'plain')}
${choiceButton({ name: 'decision', value: 'allow', text: 'Allow' }, 'primary')}
</div>
${terms(view.app)}`,
)}`,
  })
}

function appTile(app: AppView): Html {
  const badge = app.verified
    ? html`<p class="badge badge-good">${icon('shield', 'small')}Verified</p>`
    : html`<p class="badge badge-warning">${icon('warning', 'small')}Not verified</p>`
  return html`${initial(app.name, 'app')}<div class="row-text"><p>${name(app.name)}</p>${
    app.host === null ? '' : html`<p class="quiet"><bdi class="plain">${app.host}</bdi></p>`
  }${badge}</div>`
}

function groupSection(group: ConsentGroup, app: AppView): Html {
  const scopes = group.scopes.map((scope) => scopePermission(scope, group.resource))
  const asked = [...scopes, ...group.connections.map(connectionPermission)]
  const permissions = asked.length === 0 ? [API_PERMISSION] : asked
  if (group.resource === null) return section(html`${name(app.name)} will be able to`, permissions)
  return section(html`At ${name(group.resourceName ?? group.resource)}`, permissions)
}

function section(title: Html | string, permissions: readonly Permission[]): Html {
  return html`<section><h2>${title}</h2><ul class="asks">${permissions.map(permissionItem)}</ul></section>`
}

function permissionItem({ text, sensitive, scope }: Permission): Html {
  const code = scope === null ? '' : html`<code class="quiet"><bdi class="plain">${scope}</bdi></code>`
  const mark = sensitive ? html`<span class="badge badge-warning">Sensitive</span>` : ''
  const meta = scope === null && !sensitive ? '' : html`<div class="asks-meta">${mark}${code}</div>`
  return html`<li${sensitive ? html` class="sensitive"` : ''}>${icon(sensitive ? 'warning' : 'check')}<div>${text}${meta}</div></li>`
}

function terms(app: AppView): Html | string {
  const links = [
    { text: 'privacy policy', href: webUrl(app.policyUrl) },
    { text: 'terms', href: webUrl(app.termsUrl) },
  ]
    .filter(({ href }) => href !== null)
    .map(({ text, href }) => html`<a href="${href}">${text}</a>`)
  if (links.length === 0) return ''
  return html`<p class="quiet">Read the ${links.length === 2 ? html`${links[0]} and the ${links[1]}` : links} of ${name(app.name)}.</p>`
}
