import { OAuthError } from '@doorward/core'
import {
  type EndSessionRequest,
  parseEndSession,
  parseParams,
  respondEndSession,
} from '@doorward/core/messages'
import type { Deps } from '../deps.ts'
import { type Browser, createBrowser, formFor } from '../http/browser.ts'
import { csrfHolds, isCrossSite } from '../http/csrf.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { carriedBy, KEPT_PARAMETER, keepRequest, resumeRequest } from '../http/kept-request.ts'
import { recordingRefusals } from '../http/refusals.ts'
import { page, seeOther } from '../http/respond.ts'
import { type IdTokenFacts, readIdTokenHint } from '../identity/id-token-hint.ts'
import {
  type BrowserSession,
  browserSessions,
  endSession,
  hasSessionCookie,
  type SessionDeps,
} from '../identity/sessions.ts'
import { throttledNetwork } from '../identity/throttle.ts'
import { accountItem, appView } from '../pages/from-records.ts'
import { loggedOutPage, logoutPage } from '../pages/logout.ts'
import type { FormProblem } from '../pages/views.ts'
import type { Client } from '../storage/records.ts'

type LogoutDeps = Pick<Deps, 'config' | 'storage' | 'keyring' | 'secrets' | 'audit' | 'clock'>

type All = LogoutDeps & SessionDeps & { readonly browser: Browser }

/** A logout request whose client and URI, where it has them, are proven. */
type ProvenLogout = {
  readonly client: Client | null
  /** Where the browser goes afterwards, `state` included; null for our own page. */
  readonly location: string | null
  /** Registered and exact; null where none was sent. */
  readonly uri: string | null
  readonly hint: IdTokenFacts | null
  readonly carried: URLSearchParams
}

/** Names the account that a confirmation page is about. */
const ACCOUNT_PARAMETER = 'dw_account'

/** `/oauth/logout`, GET and POST (OpenID Connect RP-Initiated Logout §2). */
export function createLogoutEndpoint(deps: LogoutDeps): Handler {
  const browser = createBrowser(deps)
  const all = { ...deps, browser, jar: browser.jar }
  return recordingRefusals(async (inbound) => {
    if (inbound.method !== 'POST') return logOut(inbound, await proveLogout(inbound.query, all), all)
    const form = new URLSearchParams(await inbound.form())
    if (form.has('csrf')) return decided(inbound, form, all)
    form.delete(KEPT_PARAMETER)
    const proven = await proveLogout(form, all)
    // Another site's POST brings no SameSite=Lax cookie, so whom it would sign out shows only in a GET.
    if (!isCrossSite(inbound, browser.origin) && hasSessionCookie(inbound, browser.jar)) {
      return logOut(inbound, proven, all)
    }
    const kept = await keepRequest('logout', form, { network: throttledNetwork(inbound.ip) }, all)
    return seeOther(browser.href('/oauth/logout', new URLSearchParams({ [KEPT_PARAMETER]: kept })))
  }, deps)
}

/** Throws OAuthError, for a page: an unproven URI is never gone to (RP-Initiated Logout §3). */
async function proveLogout(query: URLSearchParams, deps: All): Promise<ProvenLogout> {
  const search = await resumeRequest('logout', query, deps)
  const request = parseEndSession(parseParams(search))
  const { idTokenHint, clientId, state } = request
  const hint = idTokenHint === null ? null : readIdTokenHint(idTokenHint, null, deps)
  checkSameClient(clientId, hint)
  const client = await findClient(clientId, hint, deps)
  const uri = proveUri(request, client)
  const location = uri === null ? null : respondEndSession(uri, state)
  return { client, uri, location, hint, carried: carriedBy(query, search) }
}

/** MUST match where both are sent, RP-Initiated Logout §2. */
function checkSameClient(clientId: string | null, hint: IdTokenFacts | null): void {
  if (clientId === null || hint === null || hint.clientId === clientId) return
  throw new OAuthError('invalid_request', 'client_id is not the app that id_token_hint was issued to.', {
    reason: 'logout_client_mismatch',
  })
}

async function findClient(
  clientId: string | null,
  hint: IdTokenFacts | null,
  deps: All,
): Promise<Client | null> {
  const id = clientId ?? hint?.clientId ?? null
  const client = id === null ? null : await deps.storage.clients.find(id)
  if (client !== null || clientId === null) return client
  throw new OAuthError('invalid_request', 'No app is registered under this client_id.', {
    reason: 'client_unknown',
  })
}

function proveUri({ postLogoutRedirectUri: uri }: EndSessionRequest, client: Client | null): string | null {
  if (uri === null) return null
  if (client === null) {
    throw new OAuthError(
      'invalid_request',
      'post_logout_redirect_uri came without the app that it belongs to.',
      {
        reason: 'logout_client_missing',
      },
    )
  }
  if (client.metadata.postLogoutRedirectUris.includes(uri)) return uri
  throw new OAuthError('invalid_request', 'post_logout_redirect_uri is not registered for this app.', {
    reason: 'logout_uri_mismatch',
  })
}

async function logOut(inbound: Inbound, proven: ProvenLogout, deps: All): Promise<Reply> {
  const sessions = await browserSessions(inbound, deps)
  const [active] = sessions
  if (active === undefined) return leave(proven, [], deps)
  const hinted = sessions.find(({ user }) => user.id === proven.hint?.userId)
  // MUST ask where the hint is missing or somebody else's, or any page could sign people out.
  if (hinted === undefined) return ask(inbound, { proven, account: active, problem: null }, deps)
  return leave(proven, [await endSession(inbound, hinted, sessions, deps)], deps)
}

/** The confirmation page's own form. */
async function decided(inbound: Inbound, form: URLSearchParams, deps: All): Promise<Reply> {
  const { browser } = deps
  const sid = inbound.query.get(ACCOUNT_PARAMETER)
  const proven = await proveLogout(withoutAccount(inbound.query), deps)
  const sessions = await browserSessions(inbound, deps)
  const account = sid === null ? sessions[0] : sessions.find(({ session }) => session.sid === sid)
  // Sent twice, or ended elsewhere: what was asked for is so.
  if (account === undefined) return leave(proven, [], deps)
  if (!csrfHolds(inbound, form, browser))
    return ask(inbound, { proven, account, problem: { kind: 'stale' } }, deps)
  const decision = form.get('decision')
  if (decision === 'stay') return seeOther(browser.href('/account'))
  if (decision !== 'logout') {
    return ask(inbound, { proven, account, problem: { kind: 'missing', fields: ['decision'] } }, deps)
  }
  const cookies = [await endSession(inbound, account, sessions, deps)]
  if (proven.location !== null) return seeOther(proven.location, cookies)
  // Nobody left: the same address shows that. Otherwise it would ask about the next account.
  return seeOther(browser.href(sessions.length === 1 ? '/oauth/logout' : '/account'), cookies)
}

type Question = {
  readonly proven: ProvenLogout
  readonly account: BrowserSession
  readonly problem: FormProblem | null
}

function ask(inbound: Inbound, { proven, account, problem }: Question, { browser }: All): Promise<Reply> {
  const query = new URLSearchParams(proven.carried)
  query.set(ACCOUNT_PARAMETER, account.session.sid)
  const { form, cookies } = formFor(inbound, browser.href('/oauth/logout', query), browser)
  const app = proven.client === null ? null : appView(proven.client, proven.uri)
  const view = { form, app, account: accountItem(account, true), problem }
  return page(logoutPage(browser.frame, view), {
    status: problem === null ? 200 : 400,
    formTargets: proven.uri === null ? [] : [proven.uri],
    cookies,
  })
}

async function leave(proven: ProvenLogout, cookies: readonly string[], { browser }: All): Promise<Reply> {
  if (proven.location !== null) return seeOther(proven.location, cookies)
  const app = proven.client === null ? null : appView(proven.client, null)
  const view = { app, signInHref: browser.href('/login') }
  return page(loggedOutPage(browser.frame, view), { cookies })
}

function withoutAccount(query: URLSearchParams): URLSearchParams {
  const rest = new URLSearchParams(query)
  rest.delete(ACCOUNT_PARAMETER)
  return rest
}
