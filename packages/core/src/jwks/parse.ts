import { importPublicJwk, type VerificationKey } from '../crypto/import-jwk.ts'
import type { SigningAlg } from '../crypto/jwk.ts'
import { JwtError } from '../jwt-error.ts'

const MAX_KEYS = 100

/**
 * Reads a JWK Set (RFC 7517 §5) for the given algorithms. Keys that cannot be used (symmetric, another `use`,
 * another curve, too short) are skipped, as §5 asks; a key without `alg` counts once for each algorithm of
 * its type. Throws JwtError `key_unusable` where it is not a key set, or has more than 100 keys.
 */
export function parseJwks(json: unknown, algs: readonly SigningAlg[]): VerificationKey[] {
  const keys: unknown = typeof json === 'object' && json !== null && 'keys' in json ? json.keys : null
  if (!Array.isArray(keys)) throw new JwtError('key_unusable', 'this is not a JWK Set')
  if (keys.length > MAX_KEYS) throw new JwtError('key_unusable', 'the JWK Set has more than 100 keys')
  return keys.flatMap((jwk: unknown) => algs.flatMap((alg) => usableKey(jwk, alg)))
}

function usableKey(jwk: unknown, alg: SigningAlg): VerificationKey[] {
  try {
    return [importPublicJwk(jwk, alg)]
  } catch (error) {
    if (error instanceof JwtError) return []
    throw error
  }
}
