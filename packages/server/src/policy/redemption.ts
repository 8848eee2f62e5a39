import { checkCodeVerifier, OAuthError } from '@doorward/core'
import type { AuthorizationCodeRequest } from '@doorward/core/messages'
import type { AuthorizationCode } from '../storage/records.ts'

/** What a presented code deserves: to be redeemed, or, used before, to have what it minted revoked. */
type RedemptionVerdict = 'redeem' | 'replayed'

/**
 * Judges a code: its client, its redirect URI and its verifier first, so that somebody who only found it can
 * neither use it up nor end what it minted. Throws invalid_grant.
 * @see RFC 6749 §4.1.3, RFC 7636 §4.6
 */
export function decideRedemption(
  code: AuthorizationCode,
  request: AuthorizationCodeRequest,
  clientId: string,
  now: number,
): RedemptionVerdict {
  if (code.grant.clientId !== clientId) {
    throw new OAuthError('invalid_grant', 'The code was issued to another client.', {
      reason: 'code_of_other_client',
    })
  }
  checkRedirectUri(code, request.redirectUri)
  checkCodeVerifier(request.codeVerifier, code.codeChallenge)
  if (code.consumedAt !== null) return 'replayed'
  if (code.expiresAt > now) return 'redeem'
  throw new OAuthError('invalid_grant', 'The code has expired.', { reason: 'code_expired' })
}

/**
 * MUST be identical where the authorization request had one (RFC 6749 §4.1.3). With PKCE it may be left out,
 * as clients of OAuth 2.1 do (§10.2): the verifier already ties the code to whoever asked for it.
 */
function checkRedirectUri(code: AuthorizationCode, redirectUri: string | null): void {
  if (redirectUri === code.redirectUri) return
  if (redirectUri === null && code.codeChallenge !== null) return
  throw new OAuthError('invalid_grant', 'redirect_uri is not the one of the authorization request.', {
    reason: 'redirect_uri_changed',
  })
}
