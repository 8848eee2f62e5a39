import { invalidRequest, type Refusal, tokenMissing } from './refusal.ts'

/** Where a request may carry a token. */
export type Credentials = {
  /** The `Authorization` header, null where there is none. */
  readonly authorization: string | null
  /** True where the request has that header more than once. */
  readonly repeated: boolean
  /** The request's address, of which only the query string is looked at. */
  readonly url: string
}

const SCHEME = 'bearer'

/**
 * Finds the bearer token of a request (RFC 6750 §2.1), or says why there is none to judge. Another scheme
 * counts as no token (§3.1). Tokens in a form body are not looked for (§2.2 is optional, RFC 9700 §4.3.2).
 */
export function readToken(credentials: Credentials): string | Refusal {
  if (isTokenInQuery(credentials.url)) return invalidRequest('token_in_query')
  // Which of two a proxy checked and which of them we would check need not be the same.
  if (credentials.repeated) return invalidRequest('token_repeated')
  const { authorization } = credentials
  if (authorization === null || !isBearer(authorization)) return tokenMissing
  const token = authorization.slice(SCHEME.length).trim()
  // Some servers join repeated headers with a comma.
  if (token.includes(',') || token.includes(' ') || token === '') {
    return invalidRequest('authorization_malformed')
  }
  return token
}

function isBearer(authorization: string): boolean {
  const after = authorization.charCodeAt(SCHEME.length)
  if (!Number.isNaN(after) && after !== 0x20 && after !== 0x09) return false
  return authorization.slice(0, SCHEME.length).toLowerCase() === SCHEME
}

/** RFC 6750 §2.3 is out: OAuth 2.1 §5.1 forbids tokens in the query string. */
function isTokenInQuery(url: string): boolean {
  const start = url.indexOf('?')
  if (start === -1) return false
  const query = url.slice(start + 1)
  // Without these two it cannot hold the name, plain or percent-encoded.
  if (!query.includes('access') && !query.includes('%')) return false
  return new URLSearchParams(query).has('access_token')
}
