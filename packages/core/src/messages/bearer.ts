import { OAuthError, type OAuthErrorCode } from '../errors.ts'

const MAX_LENGTH = 16 * 1024
// b64token, RFC 6750 §2.1
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/

/**
 * The token of an `Authorization: Bearer` header, or null where there is no header or another scheme
 * (RFC 6750 §2.1). Throws invalid_token where the scheme is Bearer and what follows cannot be a token.
 */
export function parseBearer(header: string | null): string | null {
  if (header === null || !/^bearer(?: |$)/i.test(header)) return null
  const token = header.slice('bearer'.length).trim()
  if (token.length <= MAX_LENGTH && B64TOKEN.test(token)) return token
  throw new OAuthError('invalid_token', 'The Authorization header holds no readable bearer token.', {
    reason: 'token_malformed',
  })
}

/** What a challenge says beside its scheme (RFC 6750 §3). */
export type BearerChallenge = {
  readonly realm?: string
  readonly error?: OAuthErrorCode
  readonly description?: string
  /** Scopes that are needed, separated by spaces. */
  readonly scope?: string
}

/** A `WWW-Authenticate` value for Bearer; without an error it is bare, for a request without token (RFC 6750 §3.1). */
export function bearerChallenge(challenge: BearerChallenge = {}): string {
  const attributes = [
    ['realm', challenge.realm],
    ['error', challenge.error],
    ['error_description', challenge.description],
    ['scope', challenge.scope],
  ] as const
  const written = attributes.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quote(value)}`],
  )
  return written.length === 0 ? 'Bearer' : `Bearer ${written.join(', ')}`
}

/** A `WWW-Authenticate` value for Basic (RFC 7617 §2). */
export function basicChallenge(realm: string): string {
  return `Basic realm=${quote(realm)}`
}

// quoted-string, RFC 9110 §5.6.4: a line break or a loose quote here would forge headers or attributes.
function quote(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`
}
