import { OAuthError } from '@doorward/core'
import { type Agreed, decideNext } from '../authorization/decide.ts'
import {
  continueAt,
  formTargets,
  type ProvenAuthorization,
  proveAuthorization,
  readRequest,
  stayAt,
} from '../authorization/load.ts'
import { answerAuthorization } from '../authorization/respond.ts'
import type { AuditEvent, Deps } from '../deps.ts'
import { type Browser, createBrowser, formFor } from '../http/browser.ts'
import { csrfHolds } from '../http/csrf.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { page, seeOther } from '../http/respond.ts'
import { type BrowserSession, browserSessions, type SessionDeps } from '../identity/sessions.ts'
import { consentPage } from '../pages/consent.ts'
import { accountItem, appView } from '../pages/from-records.ts'
import type { ConsentGroup, FormProblem } from '../pages/views.ts'
import { connectionScope, isConnectionScope } from '../policy/connection-scopes.ts'
import { WHOLE_API } from '../policy/consent-needed.ts'
import type { Grantable } from '../policy/grantable.ts'

type ConsentDeps = Pick<Deps, 'config' | 'storage' | 'keyring' | 'secrets' | 'audit' | 'clock'>

type All = ConsentDeps & SessionDeps & { readonly browser: Browser }

type Asking = Agreed & { readonly proven: ProvenAuthorization }

/** `/consent`: what the app would get, and whether it may (OpenID Connect Core §3.1.2.4). */
export function createConsentEndpoint(deps: ConsentDeps): Handler {
  const browser = createBrowser(deps)
  const all = { ...deps, browser, jar: browser.jar }
  return async (inbound) => {
    const proven = await proveAuthorization(inbound.query, all, browser)
    const sessions = await browserSessions(inbound, all)
    const form = inbound.method === 'POST' ? await inbound.form() : null
    const ours = form !== null && csrfHolds(inbound, form, browser)
    // A refusal holds whatever else has happened since the page was shown.
    if (ours && form.get('decision') === 'deny') return deny(inbound, proven, sessions, all)
    const next = await decideNext(proven, readRequest(proven), sessions, all)
    // Something else comes first, or nothing is left to ask: the authorize endpoint knows where to go. The page
    // names an account, so its form must be about that one, whichever is active in another tab by now.
    if (next.kind !== 'consent' || proven.step?.sid !== next.current.session.sid) {
      return seeOther(stayAt('/oauth/authorize', proven, browser))
    }
    const asking = { ...next, proven }
    if (form === null) return show(inbound, asking, null, all)
    if (!ours) return show(inbound, asking, { kind: 'stale' }, all)
    if (form.get('decision') === 'allow') return allow(inbound, asking, all)
    return show(inbound, asking, { kind: 'missing', fields: ['decision'] }, all)
  }
}

async function allow(inbound: Inbound, asking: Asking, deps: All): Promise<Reply> {
  const { proven, current, grantable, done } = asking
  await deps.storage.consents.remember(current.user.id, proven.client.id, grantable.items, deps.clock())
  record(inbound, { event: 'consent.granted', clientId: proven.client.id, current }, deps)
  const step = { done: [...done, 'consent'], sid: current.session.sid } as const
  return seeOther(continueAt('/oauth/authorize', proven, step, deps))
}

async function deny(
  inbound: Inbound,
  proven: ProvenAuthorization,
  sessions: readonly BrowserSession[],
  deps: All,
): Promise<Reply> {
  const current = sessions.find(({ session }) => session.sid === proven.step?.sid) ?? null
  const reason = 'consent_denied'
  record(inbound, { event: 'consent.denied', reason, clientId: proven.client.id, current }, deps)
  const error = new OAuthError('access_denied', 'The person did not allow it.', { reason })
  return answerAuthorization(proven, { error }, deps)
}

type Decision = Pick<AuditEvent, 'event' | 'reason' | 'clientId'> & {
  readonly current: BrowserSession | null
}

function record({ ip, reference }: Inbound, { current, ...decision }: Decision, { audit }: All): void {
  const userId = current?.user.id ?? null
  audit.record({ ...decision, userId, sid: current?.session.sid ?? null, ip, reference })
}

async function show(
  inbound: Inbound,
  { proven, current, grantable }: Asking,
  problem: FormProblem | null,
  deps: All,
): Promise<Reply> {
  const { form, cookies } = formFor(inbound, stayAt('/consent', proven, deps.browser), deps.browser)
  const view = {
    form,
    app: appView(proven.client, proven.redirectUri),
    account: accountItem(current, true),
    chooseHref: stayAt('/login/choose', proven, deps.browser),
    groups: await groupsOf(grantable, deps),
    claims: grantable.claims,
    problem,
  }
  return page(consentPage(deps.browser.frame, view), {
    status: problem === null ? 200 : 400,
    formTargets: formTargets(proven, deps.browser),
    cookies,
  })
}

/** The scopes by the API that they open, our own first. */
async function groupsOf({ items, scopes }: Grantable, deps: All): Promise<readonly ConsentGroup[]> {
  const names = new Map((await deps.storage.resources.list()).map(({ uri, name }) => [uri, name]))
  const asked = items.filter(({ scope }) => scope === WHOLE_API || scopes.includes(scope))
  const { issuer } = deps.config
  const uris = [...new Set(asked.map(({ resource }) => resource))].sort(
    (a, b) => Number(b === issuer) - Number(a === issuer),
  )
  const providers = deps.config.providers.filter(({ id }) => scopes.includes(connectionScope(id)))
  return uris.map((uri) => ({
    resource: uri === issuer ? null : uri,
    resourceName: names.get(uri) ?? null,
    scopes: asked
      .filter(({ resource, scope }) => resource === uri && scope !== WHOLE_API && !isConnectionScope(scope))
      .map(({ scope }) => scope),
    connections: uri === issuer ? providers.map(({ name }) => name) : [],
  }))
}
