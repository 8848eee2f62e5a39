import { OAuthError } from '../errors.ts'
import { parseBearer } from './bearer.ts'
import type { Params } from './params.ts'

/**
 * The access token of a userinfo request: in the header, or in the form of a POST (RFC 6750 §2.1, §2.2). `form` is
 * null for GET, whose query is never read: it would be logged (RFC 9700 §4.3.2). null where there is none. Throws
 * invalid_request where there are two.
 */
export function parseUserinfo(authorizationHeader: string | null, form: Params | null): string | null {
  const header = parseBearer(authorizationHeader)
  const body = form?.get('access_token') ?? null
  if (header === null || body === null) return header ?? body
  throw new OAuthError('invalid_request', 'The access token was sent in two ways. Use one.', {
    reason: 'token_repeated',
  })
}

/** A userinfo response: claims about the person, `sub` always and never another's (OpenID Connect Core §5.3.2). */
export function respondUserinfo(
  sub: string,
  claims: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return { ...claims, sub }
}
