import { setTimeout as sleep } from 'node:timers/promises'
import type { ProviderDeps } from './provider-deps.ts'
import { requestRevocation } from './token-request.ts'
import type { TokenSet } from './token-set.ts'

/** Nobody waits longer than this, in milliseconds, to be signed out. */
const PATIENCE_MS = 3000

/**
 * Revokes both tokens (RFC 7009), as far as the provider lets them be revoked. What cannot be revoked ends by itself; it
 * neither throws nor waits for long.
 */
export async function revokeTokens(
  { refreshToken, accessToken }: Pick<TokenSet, 'refreshToken' | 'accessToken'>,
  asked: ProviderDeps,
): Promise<void> {
  const tokens = refreshToken === null ? [accessToken] : [refreshToken, accessToken]
  const revocations = Promise.allSettled(tokens.map((token) => requestRevocation(token, asked)))
  await Promise.race([revocations, sleep(PATIENCE_MS, undefined, { ref: false })])
}
