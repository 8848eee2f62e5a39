import { algsOfJwk, importPublicJwk, type PublicJwk, parsePublicJwk } from '../crypto/index.ts'
import { OAuthError } from '../errors.ts'
import { JwtError } from '../jwt-error.ts'
import type { AssertionAlg } from '../vocabulary.ts'
import { isMembers, type Members, readMember } from './members.ts'

const MAX_KEYS = 20

/** The client's public keys. */
export type ClientJwks = { readonly keys: readonly PublicJwk[] }

/**
 * Reads `jwks` (RFC 7591 §2): public signing keys only, what they need and no more of them. Unlike a foreign key
 * set, none is skipped: a key that cannot work is told about here. Throws invalid_client_metadata.
 */
export function parseClientJwks(members: Members): ClientJwks | null {
  const value = readMember(members, 'jwks')
  if (value === null) return null
  const keys = isMembers(value) ? readMember(value, 'keys') : null
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_KEYS) {
    throw refused('jwks must be an object whose member keys holds 1 to 20 public keys.')
  }
  return { keys: keys.map(parseKey) }
}

/** True where one of the keys may sign with `alg`, or with any where `alg` is null. */
export function hasKeyFor(jwks: ClientJwks, alg: AssertionAlg | null): boolean {
  return alg === null || jwks.keys.some((key) => algsOfJwk(key).includes(alg))
}

function parseKey(value: unknown): PublicJwk {
  try {
    const key = parsePublicJwk(value)
    // Points off their curve show themselves only here.
    importPublicJwk(key)
    return key
  } catch (error) {
    if (!(error instanceof JwtError)) throw error
    throw refused(
      'jwks holds a key that cannot be used: keys must be public, for signatures, and RSA of 2048 bits or more, P-256 or Ed25519.',
      error,
    )
  }
}

function refused(description: string, cause?: JwtError): OAuthError {
  return new OAuthError('invalid_client_metadata', description, { reason: 'metadata_jwks', cause })
}
