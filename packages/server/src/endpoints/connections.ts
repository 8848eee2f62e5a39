import { destinationQuery } from '../authorization/destination.ts'
import { connectionsHref, readNotice } from '../authorization/notice.ts'
import type { Deps } from '../deps.ts'
import { type Browser, createBrowser, formFor } from '../http/browser.ts'
import { csrfHolds } from '../http/csrf.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { page, seeOther } from '../http/respond.ts'
import { type BrowserSession, browserSessions, type SessionDeps, touchSession } from '../identity/sessions.ts'
import { canSpare, othersThan, unlink, type WaysIn, waysInto } from '../identity/ways-in.ts'
import { connectionsPage, disconnectPage } from '../pages/connections.ts'
import { brandOf, providerItem } from '../pages/from-provider.ts'
import { wayNames } from '../pages/from-records.ts'
import { leavingPage } from '../pages/leaving.ts'
import type { ConnectionNotice, FormProblem, LinkedItem } from '../pages/views.ts'
import { isFresh } from '../policy/fresh-sign-in.ts'
import { startUpstream } from '../upstream/start.ts'

type ConnectionsDeps = Pick<
  Deps,
  'config' | 'storage' | 'secrets' | 'audit' | 'clock' | 'upstreams' | 'connections'
>

type All = ConnectionsDeps & SessionDeps & { readonly browser: Browser }

const PATH = '/account/connections'

const NOTICES = ['linked', 'already', 'denied', 'disconnected', 'last'] as const

/** `/account/connections`: how the person of this browser signs in; connecting and disconnecting providers. */
export function createConnectionsEndpoint(deps: ConnectionsDeps): Handler {
  const browser = createBrowser(deps)
  const all = { ...deps, browser, jar: browser.jar }
  return async (inbound) => {
    const [active] = await browserSessions(inbound, all)
    if (active === undefined) return signInFirst(browser)
    if (inbound.method === 'POST') return change(inbound, active, all)
    await touchSession(active.session, all)
    const asked = inbound.query.get('disconnect')
    return asked === null ? show(inbound, active, {}, all) : confirm(inbound, active, asked, all)
  }
}

/** Who changes the ways in proves first that it is them; then they come back to the page. */
function signInFirst(browser: Browser): Reply {
  return seeOther(browser.href('/login', destinationQuery('connections')))
}

async function change(inbound: Inbound, active: BrowserSession, deps: All): Promise<Reply> {
  const form = await inbound.form()
  // A page that was made for another account of this browser must not change the one in use now.
  const own = form.get('account') === active.session.sid
  if (!own || !csrfHolds(inbound, form, deps.browser)) {
    return show(inbound, active, { problem: { kind: 'stale' } }, deps)
  }
  const [connect, disconnect] = [form.get('connect'), form.get('disconnect')]
  if (connect === null && disconnect === null) {
    return show(inbound, active, { problem: { kind: 'missing', fields: ['connection'] } }, deps)
  }
  if (!isFresh(active.session, deps.clock())) return signInFirst(deps.browser)
  return disconnect === null
    ? begin(inbound, active, connect ?? '', deps)
    : end(inbound, active, disconnect, deps)
}

async function begin(inbound: Inbound, active: BrowserSession, provider: string, deps: All): Promise<Reply> {
  const asked = deps.upstreams.providers.get(provider)
  if (asked === undefined) return backTo(deps.browser)
  const { free } = await waysInto(active.user, deps)
  if (!free.some(({ id }) => id === provider)) return said('already', provider, deps)
  const { session, user } = active
  const purpose = { kind: 'link', sid: session.sid, userId: user.id } as const
  const reply = await startUpstream(
    { asked, purpose, proven: null, destination: 'connections' },
    inbound,
    deps,
  )
  const { Location: href } = reply.headers
  // Where the provider cannot be asked, the answer is a page already.
  if (href === undefined) return reply
  return page(leavingPage(deps.browser.frame, { provider: asked.provider.name, href }), {
    cookies: reply.cookies,
  })
}

async function end(inbound: Inbound, active: BrowserSession, id: string, deps: All): Promise<Reply> {
  const { session, user } = active
  const { ip, reference } = inbound
  const provider = (await waysInto(user, deps)).linked.find(({ identity }) => identity.id === id)
  // Sent twice, or unlinked elsewhere: what was asked for is so. What is not theirs is not even looked up.
  if (provider === undefined) return backTo(deps.browser)
  const outcome = await deps.connections.forget(id, () =>
    unlink(id, user, { ip, reference, sid: session.sid }, deps),
  )
  if (outcome === 'unknown') return backTo(deps.browser)
  return said(outcome === 'last' ? 'last' : 'disconnected', provider.identity.provider, deps)
}

function backTo(browser: Browser): Reply {
  return seeOther(browser.href(PATH))
}

/** Back to the page, which says what became of it. */
function said(kind: ConnectionNotice['kind'], provider: string, { browser }: All): Reply {
  return seeOther(connectionsHref({ kind, provider }, browser))
}

async function confirm(inbound: Inbound, active: BrowserSession, id: string, deps: All): Promise<Reply> {
  const { browser } = deps
  const ways = await waysInto(active.user, deps)
  const item = linkedItems(ways, browser).find((linked) => linked.id === id)
  if (item === undefined) return backTo(browser)
  if (!canSpare(id, ways)) return said('last', item.provider, deps)
  if (!isFresh(active.session, deps.clock())) return signInFirst(browser)
  const { form, cookies } = formFor(inbound, browser.href(PATH), browser)
  const remaining = wayNames({ ...ways, linked: othersThan(id, ways) })
  const view = {
    form,
    sid: active.session.sid,
    email: active.user.email,
    item,
    remaining,
    cancelHref: browser.href(PATH),
  }
  return page(disconnectPage(browser.frame, view), { cookies })
}

type Shown = { readonly problem?: FormProblem }

async function show(
  inbound: Inbound,
  { session, user }: BrowserSession,
  { problem }: Shown,
  deps: All,
): Promise<Reply> {
  const { browser } = deps
  const ways = await waysInto(user, deps)
  const { form, cookies } = formFor(inbound, browser.href(PATH), browser)
  const view = {
    form,
    sid: session.sid,
    email: user.email,
    hasPassword: ways.hasPassword,
    linked: linkedItems(ways, browser),
    free: ways.free.map(providerItem),
    notice: problem === undefined ? noticeOf(inbound, deps) : null,
    problem: problem ?? null,
    accountHref: browser.href('/account'),
  }
  return page(connectionsPage(browser.frame, view), {
    status: problem === undefined ? 200 : 400,
    cookies,
  })
}

function noticeOf({ query }: Inbound, { config }: All): ConnectionNotice | null {
  const { kind, provider } = readNotice(query, NOTICES, config.providers) ?? {}
  if (kind === undefined || provider === undefined) return null
  if (provider !== null) return { kind, provider }
  // What is not offered any more can still be disconnected.
  return kind === 'disconnected' ? { kind, provider } : null
}

function linkedItems(
  ways: WaysIn,
  browser: Browser,
): readonly (LinkedItem & { readonly provider: string })[] {
  return ways.linked.map(({ identity, provider }) => ({
    id: identity.id,
    name: provider?.name ?? new URL(identity.authority).host,
    brand: provider === null ? null : brandOf(provider),
    provider: identity.provider,
    label: identity.label,
    linkedAt: identity.createdAt,
    usedAt: identity.lastUsedAt,
    offered: provider !== null,
    disconnectHref: canSpare(identity.id, ways)
      ? browser.href(PATH, new URLSearchParams({ disconnect: identity.id }))
      : null,
  }))
}
