/** Grant types the token endpoint knows (RFC 6749 §1.3). */
export const GRANT_TYPES = ['authorization_code', 'refresh_token', 'client_credentials'] as const
/** A grant type the token endpoint knows (RFC 6749 §1.3). */
export type GrantType = (typeof GRANT_TYPES)[number]

/** Response types of the authorization endpoint: the implicit ones are gone (OAuth 2.1 §10.1). */
export const RESPONSE_TYPES = ['code'] as const
/** A response type of the authorization endpoint (RFC 6749 §3.1.1). */
export type ResponseType = (typeof RESPONSE_TYPES)[number]

/** How the authorization response travels (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode). */
export const RESPONSE_MODES = ['query', 'form_post'] as const
/** How one authorization response travels (OAuth 2.0 Multiple Response Types §2.1). */
export type ResponseMode = (typeof RESPONSE_MODES)[number]

/** How a client proves itself at the token endpoint (OpenID Connect Core §9). */
export const CLIENT_AUTH_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const
/** A way for a client to prove itself (OpenID Connect Core §9). */
export type ClientAuthMethod = (typeof CLIENT_AUTH_METHODS)[number]

/** Algorithms a client may sign its assertions with (RFC 7518 §3.1, RFC 8037 §3.1). */
export const ASSERTION_ALGS = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const
/** An algorithm of client assertions (RFC 7523 §5). */
export type AssertionAlg = (typeof ASSERTION_ALGS)[number]

/** Algorithms an ID token may be signed with. RS256 is the default (OpenID Connect Registration §2). */
export const ID_TOKEN_ALGS = ['RS256', 'ES256', 'EdDSA'] as const
/** An algorithm of ID tokens (OpenID Connect Core §2). */
export type IdTokenAlg = (typeof ID_TOKEN_ALGS)[number]

/** The kind of application (OpenID Connect Registration §2). */
export const APPLICATION_TYPES = ['web', 'native'] as const
/** A kind of application (OpenID Connect Registration §2). */
export type ApplicationType = (typeof APPLICATION_TYPES)[number]

/** What a caller of introspection and revocation may say about a token (RFC 7009 §2.1). */
export const TOKEN_TYPE_HINTS = ['access_token', 'refresh_token'] as const
/** One hint at the type of a token (RFC 7009 §2.1). */
export type TokenTypeHint = (typeof TOKEN_TYPE_HINTS)[number]

/** How the pages may be shown (OpenID Connect Core §3.1.2.1). */
export const DISPLAYS = ['page', 'popup', 'touch', 'wap'] as const
/** One way to show the pages (OpenID Connect Core §3.1.2.1). */
export type Display = (typeof DISPLAYS)[number]

/** The only `client_assertion_type` (RFC 7523 §2.2). */
export const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Scopes that mean something to OpenID Connect (Core §5.4, §11). */
export const OPENID_SCOPES = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'] as const

/** What a client may ask for when its registration names no scope. */
export const DEFAULT_CLIENT_SCOPES = ['openid', 'profile', 'email', 'offline_access'] as const

/** True where `value` is a member of a table, which narrows its type. */
export function isOneOf<T extends string>(table: readonly T[], value: string | null): value is T {
  return table.some((item) => item === value)
}
