import { JwtError } from '../jwt-error.ts'
import { isObject, type JsonObject } from './strict-json.ts'
import { userClaims } from './user-claims.ts'

/** `typ` of a JWT access token (RFC 9068 §2.1). */
export const ACCESS_TOKEN_TYP = 'at+jwt'

/** What an access token is made of. Times in seconds. Empty lists are left out of the token. */
export type AccessTokenInput = {
  readonly issuer: string
  readonly subject: string
  /** The one resource that the token is for. */
  readonly audience: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly jti: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly sid?: string | null
  readonly authTime?: number | null
  readonly acr?: string | null
  readonly amr?: readonly string[]
  readonly roles?: readonly string[]
  readonly permissions?: readonly string[]
  /** User claims that the resource wants (RFC 9068 §2.2.2). They never override the claims above. */
  readonly extra?: JsonObject
}

/** What an access token says, once it is proven. */
export type AccessTokenClaims = {
  readonly issuer: string
  readonly subject: string
  readonly audience: readonly string[]
  readonly issuedAt: number
  readonly expiresAt: number
  readonly jti: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly sid: string | null
  readonly authTime: number | null
  readonly acr: string | null
  readonly amr: readonly string[]
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
  /** All claims, as they are in the token. */
  readonly claims: JsonObject
}

/** The claims of a JWT access token (RFC 9068 §2.2). */
export function accessTokenClaims(input: AccessTokenInput): Record<string, unknown> {
  return {
    ...userClaims(input.extra),
    iss: input.issuer,
    sub: input.subject,
    aud: input.audience,
    exp: input.expiresAt,
    iat: input.issuedAt,
    jti: input.jti,
    client_id: input.clientId,
    scope: input.scopes.length > 0 ? input.scopes.join(' ') : undefined,
    sid: input.sid ?? undefined,
    auth_time: input.authTime ?? undefined,
    acr: input.acr ?? undefined,
    amr: presentList(input.amr),
    roles: presentList(input.roles),
    permissions: presentList(input.permissions),
  }
}

/**
 * Reads the claims of a JWT access token (RFC 9068 §2.2, of any issuer). Roles may be texts or, as RFC 7643
 * §4.1.2 writes them, objects with a `value`. Throws JwtError `claim_missing` or `claim_malformed`.
 */
export function parseAccessTokenClaims(claims: JsonObject): AccessTokenClaims {
  return {
    issuer: requiredText(claims, 'iss'),
    subject: requiredText(claims, 'sub'),
    audience: audienceOf(claims),
    issuedAt: requiredDate(claims, 'iat'),
    expiresAt: requiredDate(claims, 'exp'),
    jti: requiredText(claims, 'jti'),
    clientId: requiredText(claims, 'client_id'),
    scopes: scopesOf(claims),
    sid: optionalText(claims, 'sid'),
    authTime: claims.auth_time === undefined ? null : requiredDate(claims, 'auth_time'),
    acr: optionalText(claims, 'acr'),
    amr: textList(claims, 'amr'),
    roles: valueList(claims, 'roles'),
    permissions: valueList(claims, 'permissions'),
    claims,
  }
}

function presentList(list: readonly string[] | undefined): readonly string[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list
}

function requiredText(claims: JsonObject, name: string): string {
  const value = optionalText(claims, name)
  if (value === null) throw new JwtError('claim_missing', name)
  return value
}

function optionalText(claims: JsonObject, name: string): string | null {
  const value = claims[name]
  if (value === undefined) return null
  if (typeof value !== 'string') throw new JwtError('claim_malformed', name)
  return value
}

function requiredDate(claims: JsonObject, name: string): number {
  const value = claims[name]
  if (value === undefined) throw new JwtError('claim_missing', name)
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new JwtError('claim_malformed', name)
  return value
}

function audienceOf(claims: JsonObject): readonly string[] {
  if (claims.aud === undefined) throw new JwtError('claim_missing', 'aud')
  return typeof claims.aud === 'string' ? [claims.aud] : textList(claims, 'aud')
}

function scopesOf(claims: JsonObject): readonly string[] {
  const scope = optionalText(claims, 'scope')
  return scope === null || scope === '' ? [] : scope.split(' ')
}

function textList(claims: JsonObject, name: string): readonly string[] {
  const value = claims[name]
  if (value === undefined) return []
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new JwtError('claim_malformed', name)
  }
  return value
}

function valueList(claims: JsonObject, name: string): readonly string[] {
  const value = claims[name]
  if (!Array.isArray(value) || !value.some(isObject)) return textList(claims, name)
  const values = value.map((item: unknown) => (isObject(item) ? item.value : item))
  return textList({ [name]: values }, name)
}
