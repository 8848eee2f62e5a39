import { type AccessTokenClaims, type JsonObject, parseAccessTokenClaims } from '@doorward/core/jwt'

/** Who calls, by a token that was verified. Read-only: requests with the same token share it. */
export type Auth = {
  /** `sub`: the user, or the client itself where it acts on its own behalf. */
  readonly subject: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
  /** When the token ends, in seconds since 1970. */
  readonly expiresAt: number
  /** All claims of the token, in their RFC names. */
  readonly claims: JsonObject
}

/** Reads the claims of RFC 9068 §2.2. Throws JwtError `claim_missing` or `claim_malformed`. */
export function parseAuth(claims: JsonObject): Auth {
  const token: AccessTokenClaims = parseAccessTokenClaims(claims)
  const { subject, clientId, scopes, roles, permissions, expiresAt } = token
  return freeze({ subject, clientId, scopes, roles, permissions, expiresAt, claims })
}

/** Shared between requests: what one handler changed, another would see. Parsed JSON has no circles. */
function freeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) freeze(member)
  }
  return Object.freeze(value)
}
