import { OAuthError, resolveRedirectUri } from '@doorward/core'
import {
  type AuthorizationRequest,
  type Params,
  parseAuthorizationClient,
  parseAuthorizationParams,
  parseAuthorizationRequest,
} from '@doorward/core/messages'
import type { Deps } from '../deps.ts'
import type { Browser } from '../http/browser.ts'
import { carriedBy, KEPT_PARAMETER, resumeRequest } from '../http/kept-request.ts'
import { openStep, type Step, sealStep } from '../identity/step-token.ts'
import type { Client } from '../storage/records.ts'
import { NOTICE_PARAMETER } from './notice.ts'

/** The parameter that carries a step token. */
const STEP_PARAMETER = 'dw_step'

/** Where the answer goes: proven, so that errors may go there too. */
export type AnswerTo = {
  readonly client: Client
  readonly redirectUri: string
  readonly responseMode: 'query' | 'form_post'
  readonly state: string | null
}

/** An authorization request whose client and redirect URI are proven; the rest is not read yet. */
export type ProvenAuthorization = AnswerTo & {
  readonly params: Params
  /** The request's own parameters, without ours. */
  readonly search: URLSearchParams
  /** How the address of a page carries the request on. */
  readonly carried: URLSearchParams
  /** What has been done for it, and the token that says so. */
  readonly step: Step | null
  readonly stepToken: string | null
}

type LoadDeps = Pick<Deps, 'storage' | 'clock'>

/** True where an address carries an authorization request. */
export function carriesAuthorization(query: URLSearchParams): boolean {
  return query.has('client_id') || query.has(KEPT_PARAMETER)
}

/**
 * Proves who asks and where the answer goes. The authorize endpoint and each page on the way read the request
 * anew with this one function, so that no row is written for somebody who has not signed in. Throws
 * OAuthError, always for a page: there is nowhere yet to redirect to (RFC 9700 §4.11.2).
 */
export async function proveAuthorization(
  query: URLSearchParams,
  deps: LoadDeps,
  browser: Browser,
): Promise<ProvenAuthorization> {
  const search = ownParameters(await resumeRequest('authorize', query, deps))
  const params = parseAuthorizationParams(search)
  const asked = parseAuthorizationClient(params)
  const client = await deps.storage.clients.find(asked.clientId)
  if (client === null) {
    throw new OAuthError('invalid_request', 'No app is registered under this client_id.', {
      reason: 'client_unknown',
    })
  }
  const redirectUri = resolveRedirectUri(client.metadata, asked.redirectUri)
  const token = query.get(STEP_PARAMETER)
  return {
    client,
    redirectUri,
    // An app scheme opens an app, which never sees a form's body.
    responseMode: /^https?:/i.test(redirectUri) ? asked.responseMode : 'query',
    state: asked.state,
    params,
    search,
    carried: carriedBy(query, search),
    step: token === null ? null : openStep(browser.stepKey, token, search, deps.clock()),
    stepToken: token,
  }
}

/** Reads the rest of a proven request. Throws OAuthError, which may go to the proven redirect URI. */
export function readRequest({ params, client }: ProvenAuthorization): AuthorizationRequest {
  const request = parseAuthorizationRequest(params, client.metadata)
  const { essentialAcr } = request.claims
  // MUST fail where an essential acr cannot be met, OpenID Connect Core §5.5.1.1.
  if (essentialAcr.length > 0 && !essentialAcr.includes('aal1')) {
    throw new OAuthError('access_denied', 'The demanded authentication context cannot be met.', {
      reason: 'acr_unmet',
    })
  }
  return request
}

/** The address at which this authorization goes on once `step` has been done. */
export function continueAt(
  path: string,
  { carried, search }: Pick<ProvenAuthorization, 'carried' | 'search'>,
  step: Step,
  { browser, clock }: { readonly browser: Browser; readonly clock: Deps['clock'] },
): string {
  const query = new URLSearchParams(carried)
  query.set(STEP_PARAMETER, sealStep(browser.stepKey, step, search, clock()))
  return browser.href(path, query)
}

/** The address of a page of this authorization where nothing more has been done for it. */
export function stayAt(path: string, { carried, stepToken }: ProvenAuthorization, browser: Browser): string {
  return browser.href(path, withStep(carried, { stepToken }))
}

/** The parameters that carry an authorization on, with what has been done for it. */
export function withStep(
  carried: URLSearchParams,
  { stepToken }: Pick<ProvenAuthorization, 'stepToken'>,
): URLSearchParams {
  const query = new URLSearchParams(carried)
  if (stepToken !== null) query.set(STEP_PARAMETER, stepToken)
  return query
}

/** The same where nothing has been done for it yet. */
export function withoutStep(carried: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams(carried)
  query.delete(STEP_PARAMETER)
  return query
}

/**
 * Where the forms of this authorization's pages may lead beside ourselves: to the app, and to the providers, for a chain
 * of redirects behind a form counts as the form's (Content Security Policy 3, form-action).
 */
export function formTargets(
  { redirectUri }: Pick<AnswerTo, 'redirectUri'>,
  browser: Browser,
): readonly string[] {
  return [redirectUri, ...browser.upstreamOrigins]
}

/** A request's parameters without ours, which nobody else may send along. */
export function ownParameters(request: URLSearchParams): URLSearchParams {
  const own = new URLSearchParams(request)
  own.delete(STEP_PARAMETER)
  own.delete(KEPT_PARAMETER)
  own.delete(NOTICE_PARAMETER)
  return own
}
