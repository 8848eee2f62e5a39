import { verifyIdToken } from './id-token.ts'
import type { ProviderDeps } from './provider-deps.ts'
import { requestTokens } from './token-request.ts'
import type { TokenSet } from './token-set.ts'

/**
 * Fresh tokens for a refresh token (RFC 6749 §6); the old refresh token where the provider sends no new one. Throws
 * ClientError: refresh_refused where the provider takes the token no more, anything else is worth another try.
 */
export async function refreshTokens(refreshToken: string, deps: ProviderDeps): Promise<TokenSet> {
  const { tokens, answeredAt } = await requestTokens('refresh_token', { refresh_token: refreshToken }, deps)
  const { idToken, accessToken } = tokens
  // One that proves nothing is left out rather than thrown: with it the new refresh token would be lost.
  const good =
    idToken !== null &&
    (await verifyIdToken(idToken, { nonce: null, accessToken, answeredAt }, deps).then(
      () => true,
      () => false,
    ))
  return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken, idToken: good ? idToken : null }
}
