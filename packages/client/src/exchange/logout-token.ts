import { ClientError } from '../errors.ts'
import { isClaims } from './json.ts'
import type { ProviderDeps } from './provider-deps.ts'
import { verifyProviderJwt } from './verify-jwt.ts'

/** Whose sessions a provider ends: one of its own sessions, or all of somebody's. */
export type LogoutToken = {
  readonly sid: string | null
  readonly subject: string | null
  readonly jti: string
  /** In seconds; from then on the token is refused anyway. */
  readonly expiresAt: number
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** Where a token has no `exp`: of any age, it would be good for ever. */
const MAX_AGE = 300

/**
 * Verifies a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6). Throws logout_token_invalid, with the cause
 * in `detail`.
 */
export async function verifyLogoutToken(token: string, deps: ProviderDeps): Promise<LogoutToken> {
  const { provider, clock } = deps
  const invalid = (detail: string, cause?: unknown): ClientError =>
    new ClientError('logout_token_invalid', { provider: provider.id, detail, cause })
  const { header, claims } = await verifyProviderJwt(token, deps, 'forLogoutTokens').catch((error) => {
    throw error instanceof ClientError && error.code.startsWith('id_token_')
      ? invalid(error.code, error)
      : error
  })
  const { sid, sub, jti, iat = 0, exp, events, nonce } = claims
  // A JWT of another kind must not pass for one, least of all an ID token: §2.4 forbids the nonce.
  if (nonce !== undefined) throw invalid('It has a nonce.')
  if (header.typ !== undefined && !/^(?:application\/)?(?:logout\+jwt|jwt)$/i.test(header.typ)) {
    throw invalid('Its typ is another.')
  }
  if (!isClaims(events) || !isClaims(events[EVENT])) throw invalid('It has no logout event.')
  if (typeof sid !== 'string' && typeof sub !== 'string') throw invalid('It names neither sid nor sub.')
  if (typeof jti !== 'string') throw invalid('It has no jti.')
  const expiresAt = exp ?? iat + MAX_AGE
  if (clock() > expiresAt + deps.clockTolerance) throw invalid('It is too old.')
  return {
    sid: typeof sid === 'string' ? sid : null,
    subject: typeof sub === 'string' ? sub : null,
    jti,
    expiresAt: expiresAt + deps.clockTolerance,
  }
}
