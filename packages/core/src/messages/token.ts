import { OAuthError } from '../errors.ts'
import { GRANT_TYPES, type GrantType, isOneOf } from '../vocabulary.ts'
import { parseScopeParameter, parseSingleResource } from './grant-parameters.ts'
import { type Params, parseParams } from './params.ts'

/** Redeems a code (RFC 6749 §4.1.3). */
export type AuthorizationCodeRequest = {
  readonly grantType: 'authorization_code'
  readonly code: string
  /** Must equal the authorization request's where that sent one. */
  readonly redirectUri: string | null
  readonly codeVerifier: string | null
  readonly resource: string | null
}

/** Rotates a refresh token (RFC 6749 §6). */
export type RefreshTokenRequest = {
  readonly grantType: 'refresh_token'
  readonly refreshToken: string
  /** null: the same as before. */
  readonly scopes: readonly string[] | null
  readonly resource: string | null
}

/** A client asks for itself (RFC 6749 §4.4.2). */
export type ClientCredentialsRequest = {
  readonly grantType: 'client_credentials'
  readonly scopes: readonly string[] | null
  readonly resource: string | null
}

/** A token request, told apart by its `grantType` (RFC 6749 §4.1.3, §6, §4.4.2). */
export type TokenRequest = AuthorizationCodeRequest | RefreshTokenRequest | ClientCredentialsRequest

/** The parameters of a token request: two resources are invalid_target rather than a repeated parameter. */
export function parseTokenParams(search: URLSearchParams): Params {
  return parseParams(search, { repeatable: ['resource'] })
}

/** Reads a token request (RFC 6749 §4.1.3, §4.4.2, §6; RFC 8707 §2.2). Throws OAuthError. */
export function parseTokenRequest(params: Params): TokenRequest {
  const grantType = params.required('grant_type')
  if (!isOneOf(GRANT_TYPES, grantType)) {
    throw new OAuthError('unsupported_grant_type', 'grant_type is not one that this server supports.', {
      reason: 'grant_type_unsupported',
    })
  }
  return PARSERS[grantType](params)
}

const PARSERS = {
  authorization_code: (params) => ({
    grantType: 'authorization_code',
    code: params.required('code'),
    redirectUri: params.get('redirect_uri'),
    codeVerifier: params.get('code_verifier'),
    resource: parseSingleResource(params),
  }),
  refresh_token: (params) => ({
    grantType: 'refresh_token',
    refreshToken: params.required('refresh_token'),
    scopes: parseScopeParameter(params),
    resource: parseSingleResource(params),
  }),
  client_credentials: (params) => ({
    grantType: 'client_credentials',
    scopes: parseScopeParameter(params),
    resource: parseSingleResource(params),
  }),
} as const satisfies Record<GrantType, (params: Params) => TokenRequest>

/** What a grant issued. */
export type IssuedTokens = {
  readonly accessToken: string
  /** Seconds. */
  readonly expiresIn: number
  /** What was granted, separated by spaces; may be less than was asked for. */
  readonly scope: string
  readonly refreshToken?: string | null
  readonly idToken?: string | null
  /** Further members, which never override the others. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** A token response in wire names (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
export function respondToken(issued: IssuedTokens): Record<string, unknown> {
  const response: Record<string, unknown> = {
    ...issued.extra,
    access_token: issued.accessToken,
    token_type: 'Bearer',
    expires_in: issued.expiresIn,
  }
  // An empty scope has no form of its own, RFC 6749 §3.3.
  if (issued.scope !== '') response.scope = issued.scope
  if (issued.refreshToken) response.refresh_token = issued.refreshToken
  if (issued.idToken) response.id_token = issued.idToken
  return response
}
