import type { VerificationKey } from '../crypto/import-jwk.ts'
import type { SigningAlg } from '../crypto/jwk.ts'

/** Signatures that one token may make us check. */
const MAX_CANDIDATES = 4

/**
 * The keys that may have signed a token: those of its `kid` and `alg`; where it has no `kid`, those of its
 * `alg` (RFC 7515 §4.1.4). At most four.
 */
export function selectKeys(
  keys: readonly VerificationKey[],
  header: { readonly alg: SigningAlg; readonly kid?: string },
): readonly VerificationKey[] {
  const { alg, kid } = header
  const matching = keys.filter((key) => key.alg === alg && (kid === undefined || key.kid === kid))
  return matching.length > MAX_CANDIDATES ? matching.slice(0, MAX_CANDIDATES) : matching
}
