import type { ClientMetadata } from '../client-metadata.ts'
import { OAuthError } from '../errors.ts'
import { type Prompt, parsePrompt } from '../prompt.ts'
import { resolveRedirectUri } from '../redirect-uri.ts'
import { DISPLAYS, type Display, isOneOf, RESPONSE_MODES, type ResponseMode } from '../vocabulary.ts'
import { type ClaimsParameter, parseClaimsParameter } from './claims-parameter.ts'
import { parseCodeChallenge, parseResources, parseScopeParameter } from './grant-parameters.ts'
import { boundedText, type Params, parseParams, parseWordList } from './params.ts'

const MAX_CLIENT_ID_LENGTH = 256
const MAX_STATE_LENGTH = 8 * 1024
const MAX_NONCE_LENGTH = 512
const MAX_HINT_LENGTH = 512

/** Where an authorization's answer would go, before client and redirect URI are proven. */
export type AuthorizationClient = {
  readonly clientId: string
  readonly redirectUri: string | null
  /** `query` where the request's own is not usable: the error about it has to travel somehow. */
  readonly responseMode: ResponseMode
  /** null where it is absent or unusable. */
  readonly state: string | null
}

/** One authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1, RFC 8707 §2.1). */
export type AuthorizationRequest = {
  readonly clientId: string
  /** The proven one. */
  readonly redirectUri: string
  /** False where the client has one redirect URI and left it out: the token request then may too. */
  readonly redirectUriSent: boolean
  readonly responseType: 'code'
  readonly responseMode: ResponseMode
  /** What was asked for, nothing taken away yet; empty where `scope` is absent. */
  readonly scopes: readonly string[]
  readonly state: string | null
  readonly nonce: string | null
  /** S256. null only for confidential clients with `pkce` optional. */
  readonly codeChallenge: string | null
  readonly prompt: ReadonlySet<Prompt>
  /** Seconds; the client's `default_max_age` where the request has none. */
  readonly maxAge: number | null
  readonly loginHint: string | null
  readonly idTokenHint: string | null
  readonly resources: readonly string[]
  readonly claims: ClaimsParameter
  readonly display: Display | null
  readonly uiLocales: readonly string[]
  readonly acrValues: readonly string[]
}

/**
 * The parameters of an authorization request, `resource` repeatable (RFC 8707 §2). A repeated parameter is
 * refused when it is read or by parseAuthorizationRequest, so that the client can be told by redirect.
 */
export function parseAuthorizationParams(search: URLSearchParams): Params {
  return parseParams(search, { repeatable: ['resource'], deferred: true })
}

/** Reads who asks and where the answer would go. Throws invalid_request, which is for a page, never a redirect. */
export function parseAuthorizationClient(params: Params): AuthorizationClient {
  const clientId = params.required('client_id')
  if (clientId.length > MAX_CLIENT_ID_LENGTH || !/^[\x20-\x7e]+$/.test(clientId)) {
    throw new OAuthError('invalid_request', 'client_id has a form that no app has.', {
      reason: 'client_id_malformed',
    })
  }
  const redirectUri = params.get('redirect_uri')
  return {
    clientId,
    redirectUri,
    responseMode: orElse(() => parseResponseMode(params, redirectUri), 'query'),
    state: orElse(() => parseState(params), null),
  }
}

/**
 * Reads the whole request of a known client. Throws OAuthError; the redirect URI is checked first, and once
 * resolveRedirectUri has passed for the same client every error may go to it.
 */
export function parseAuthorizationRequest(params: Params, client: ClientMetadata): AuthorizationRequest {
  const { clientId, redirectUri: sent } = parseAuthorizationClient(params)
  const redirectUri = resolveRedirectUri(client, sent)
  params.check()
  refuseRequestObjects(params)
  checkResponseType(params, client)
  const scopes = parseScopeParameter(params) ?? []
  // REQUIRED with openid, OpenID Connect Core §3.1.2.1.
  if (sent === null && scopes.includes('openid')) params.required('redirect_uri')
  return {
    clientId,
    redirectUri,
    redirectUriSent: sent !== null,
    responseType: 'code',
    responseMode: parseResponseMode(params, redirectUri),
    scopes,
    state: parseState(params),
    nonce: boundedText(params, 'nonce', MAX_NONCE_LENGTH),
    codeChallenge: parseCodeChallenge(params, client),
    prompt: parsePrompt(params.get('prompt')),
    maxAge: parseMaxAge(params) ?? client.defaultMaxAge,
    loginHint: boundedText(params, 'login_hint', MAX_HINT_LENGTH),
    idTokenHint: params.get('id_token_hint'),
    resources: parseResources(params),
    claims: parseClaimsParameter(params.get('claims')),
    display: parseDisplay(params),
    uiLocales: parseWordList(params, 'ui_locales'),
    acrValues: parseWordList(params, 'acr_values'),
  }
}

function refuseRequestObjects(params: Params): void {
  if (params.get('request') !== null) {
    throw new OAuthError('request_not_supported', 'request is not supported: send plain parameters.', {
      reason: 'request_object',
    })
  }
  if (params.get('request_uri') !== null) {
    throw new OAuthError(
      'request_uri_not_supported',
      'request_uri is not supported: send plain parameters.',
      {
        reason: 'request_object',
      },
    )
  }
}

function checkResponseType(params: Params, client: ClientMetadata): void {
  if (params.required('response_type') !== 'code') {
    throw new OAuthError('unsupported_response_type', 'response_type must be code.', {
      reason: 'response_type_unsupported',
    })
  }
  if (!client.grantTypes.includes('authorization_code') || !client.responseTypes.includes('code')) {
    throw new OAuthError(
      'unauthorized_client',
      'This app is not registered for the authorization code flow.',
      {
        reason: 'grant_not_registered',
      },
    )
  }
}

function parseResponseMode(params: Params, redirectUri: string | null): ResponseMode {
  const mode = params.get('response_mode') ?? 'query'
  // An app scheme opens an app, which never sees a form's body.
  const usable = mode !== 'form_post' || redirectUri === null || /^https?:/i.test(redirectUri)
  if (isOneOf(RESPONSE_MODES, mode) && usable) return mode
  throw new OAuthError('invalid_request', 'response_mode must be query, or form_post to an http(s) URI.', {
    reason: 'response_mode_unsupported',
  })
}

function parseState(params: Params): string | null {
  return boundedText(params, 'state', MAX_STATE_LENGTH)
}

function parseMaxAge(params: Params): number | null {
  const text = params.get('max_age')
  if (text === null) return null
  // Nine digits are 31 years.
  if (/^[0-9]{1,9}$/.test(text)) return Number(text)
  throw new OAuthError('invalid_request', 'max_age must be a number of seconds, in digits.', {
    reason: 'parameter_malformed',
  })
}

// Hints about appearance are taken where they help; what is not understood is left out, never refused.
function parseDisplay(params: Params): Display | null {
  const display = params.get('display')
  return isOneOf(DISPLAYS, display) ? display : null
}

function orElse<T>(parse: () => T, fallback: T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof OAuthError) return fallback
    throw error
  }
}
