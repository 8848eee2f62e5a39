import type { AuthorizationRequest } from '@doorward/core/messages'
import { type Agreed, decideNext } from '../authorization/decide.ts'
import {
  continueAt,
  ownParameters,
  type ProvenAuthorization,
  proveAuthorization,
  readRequest,
  stayAt,
} from '../authorization/load.ts'
import { answerAuthorization, refuseAuthorization } from '../authorization/respond.ts'
import type { Deps } from '../deps.ts'
import { type Browser, createBrowser } from '../http/browser.ts'
import { isCrossSite } from '../http/csrf.ts'
import { toOAuthError } from '../http/error-response.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { KEPT_PARAMETER, keepRequest } from '../http/kept-request.ts'
import { recordingRefusals } from '../http/refusals.ts'
import { seeOther } from '../http/respond.ts'
import { browserSessions, hasSessionCookie, type SessionDeps, touchSession } from '../identity/sessions.ts'
import { throttledNetwork } from '../identity/throttle.ts'
import { grantFor } from '../policy/grantable.ts'
import { newCode } from '../tokens/code.ts'

type AuthorizeDeps = Pick<Deps, 'config' | 'storage' | 'keyring' | 'secrets' | 'audit' | 'clock'>

type All = AuthorizeDeps & SessionDeps & { readonly browser: Browser }

/** `/oauth/authorize`, GET and POST (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2). */
export function createAuthorizeEndpoint(deps: AuthorizeDeps): Handler {
  const browser = createBrowser(deps)
  const all = { ...deps, browser, jar: browser.jar }
  return recordingRefusals(async (inbound) => {
    if (inbound.method !== 'POST') return authorize(inbound, inbound.query, all)
    const form = ownParameters(await inbound.form())
    // Another site's POST brings no SameSite=Lax cookie, so whether somebody is signed in shows only in a GET.
    if (!isCrossSite(inbound, browser.origin) && hasSessionCookie(inbound, browser.jar)) {
      return authorize(inbound, form, all)
    }
    await proveAuthorization(form, all, browser)
    const kept = await keepRequest('authorize', form, { network: throttledNetwork(inbound.ip) }, all)
    return seeOther(browser.href('/oauth/authorize', new URLSearchParams({ [KEPT_PARAMETER]: kept })))
  }, deps)
}

async function authorize(inbound: Inbound, query: URLSearchParams, deps: All): Promise<Reply> {
  const proven = await proveAuthorization(query, deps, deps.browser)
  try {
    return await proceed(inbound, proven, deps)
  } catch (cause) {
    // A proven client learns of our failures too: a 500 would never reach it (RFC 6749 §4.1.2.1).
    const error = toOAuthError(cause)
    if (error.code === 'server_error') deps.audit.fault(inbound.reference, cause)
    return refuseAuthorization(inbound, proven, error, deps)
  }
}

async function proceed(inbound: Inbound, proven: ProvenAuthorization, deps: All): Promise<Reply> {
  const request = readRequest(proven)
  const sessions = await browserSessions(inbound, deps)
  const next = await decideNext(proven, request, sessions, deps)
  switch (next.kind) {
    case 'choose':
      return seeOther(stayAt('/login/choose', proven, deps.browser))
    case 'sign-in': {
      const { current, done } = next
      if (current === null) return seeOther(stayAt('/login', proven, deps.browser))
      return seeOther(continueAt('/login', proven, { done, sid: current.session.sid }, deps))
    }
    case 'consent':
      // The page is about this account, whichever is active when its form comes back.
      return seeOther(
        continueAt('/consent', proven, { done: next.done, sid: next.current.session.sid }, deps),
      )
    case 'grant':
      return grant(inbound, proven, { request, ...next }, deps)
  }
}

async function grant(
  inbound: Inbound,
  proven: ProvenAuthorization,
  agreed: Agreed & { readonly request: AuthorizationRequest },
  deps: All,
): Promise<Reply> {
  const { request } = agreed
  const { session, user } = agreed.current
  const facts = {
    grant: grantFor(proven.client, session, agreed.grantable, request.claims),
    redirectUri: request.redirectUriSent ? request.redirectUri : null,
    codeChallenge: request.codeChallenge,
    nonce: request.nonce,
  }
  const { code, record } = newCode(facts, deps, deps.clock())
  await deps.storage.codes.insert(record)
  await touchSession(session, deps)
  deps.audit.record({
    event: 'authorization.granted',
    clientId: proven.client.id,
    userId: user.id,
    sid: session.sid,
    ip: inbound.ip,
    reference: inbound.reference,
  })
  return answerAuthorization(proven, { code }, deps)
}
