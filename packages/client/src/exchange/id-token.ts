import { leftHalfHash } from '@doorward/core/jwt'
import { ClientError, type ClientErrorCode } from '../errors.ts'
import type { Claims } from '../providers/provider.ts'
import type { ProviderDeps } from './provider-deps.ts'
import { verifyProviderJwt } from './verify-jwt.ts'

/** What an ID token must fit. */
export type IdTokenContext = {
  /** null: at a refresh, where the provider need not repeat it (OpenID Connect Core §12.2). */
  readonly nonce: string | null
  readonly accessToken: string
  /** The time by the provider's own clock, where its answer told. */
  readonly answeredAt: number | null
}

/** More than this between two clocks is worth a word about clocks. */
const CLOCKS_DIFFER = 60

/**
 * Verifies an ID token of the token endpoint: signature (always, though OpenID Connect Core §3.1.3.7 would let TLS
 * do), issuer, audience, party, times, nonce and at_hash. Throws ClientError.
 */
export async function verifyIdToken(
  idToken: string,
  context: IdTokenContext,
  deps: ProviderDeps,
): Promise<Claims> {
  const { header, claims } = await verifyProviderJwt(idToken, deps, 'forIdTokens').catch((error) => {
    throw clockOff(error, context, deps)
  })
  const id = deps.provider.id
  checkParty(claims, deps)
  checkNonce(claims, context, deps)
  const { at_hash: atHash } = claims
  if (atHash !== undefined && atHash !== leftHalfHash(header.alg, context.accessToken)) {
    throw new ClientError('id_token_at_hash', { provider: id })
  }
  return claims
}

/** OpenID Connect Core §3.1.3.7, 4 and 5. */
function checkParty({ aud, azp }: Claims, { provider }: ProviderDeps): void {
  const several = Array.isArray(aud) && aud.length > 1
  if (azp === undefined ? !several : azp === provider.clientId) return
  throw new ClientError('id_token_party', { provider: provider.id })
}

function checkNonce(claims: Claims, { nonce: expected }: IdTokenContext, { provider }: ProviderDeps): void {
  const { nonce } = claims
  const mayLack = expected === null || provider.quirks?.noNonce === true
  if (nonce === undefined && mayLack) return
  if (expected === null || nonce === expected) return
  throw new ClientError('id_token_nonce', { provider: provider.id })
}

/** A fresh token that looks expired or early is a matter of clocks, where the answer's Date says so. */
function clockOff(
  error: unknown,
  { answeredAt }: IdTokenContext,
  { provider, clock }: ProviderDeps,
): unknown {
  const aboutTime: readonly ClientErrorCode[] = ['id_token_expired', 'id_token_early']
  if (!(error instanceof ClientError) || !aboutTime.includes(error.code) || answeredAt === null) return error
  const apart = Math.abs(answeredAt - clock())
  if (apart <= CLOCKS_DIFFER) return error
  const detail = `They are ${apart} seconds apart.`
  return new ClientError('clock_off', { provider: provider.id, detail, cause: error })
}
