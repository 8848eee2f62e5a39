import { createPrivateKey, createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto'
import { JwtError } from '../jwt-error.ts'
import { algsOfJwk, parsePrivateJwk, parsePublicJwk, type SigningAlg } from './jwk.ts'

/** A private key ready to sign, with the one algorithm it signs with. */
export type SigningKey = { readonly kid: string; readonly alg: SigningAlg; readonly key: KeyObject }

/** A public key ready to verify, with the one algorithm it verifies (RFC 8725 §3.1). */
export type VerificationKey = {
  readonly kid: string | null
  readonly alg: SigningAlg
  readonly key: KeyObject
}

/** Imports a private JWK. Throws JwtError `key_unusable`. */
export function importPrivateJwk(value: unknown): SigningKey {
  const jwk = parsePrivateJwk(value)
  return { kid: jwk.kid, alg: jwk.alg, key: importKey(createPrivateKey, { key: jwk, format: 'jwk' }) }
}

/**
 * Imports a public JWK for `alg`, else for its own `alg`, else for the first algorithm of its type. Throws
 * JwtError `key_unusable` also where the key is not for that algorithm.
 */
export function importPublicJwk(value: unknown, alg?: SigningAlg): VerificationKey {
  const jwk = parsePublicJwk(value)
  const algs = algsOfJwk(jwk)
  const chosen = alg === undefined ? algs[0] : algs.find((candidate) => candidate === alg)
  if (chosen === undefined) throw new JwtError('key_unusable', 'it is for another algorithm')
  return { kid: jwk.kid ?? null, alg: chosen, key: importKey(createPublicKey, { key: jwk, format: 'jwk' }) }
}

/** The verifying half of a signing key, for checking one's own tokens. */
export function verificationKey(key: SigningKey): VerificationKey {
  return { kid: key.kid, alg: key.alg, key: createPublicKey(key.key) }
}

/** node:crypto refuses points off the curve and the like with errors of its own. */
function importKey(create: (input: JsonWebKeyInput) => KeyObject, input: JsonWebKeyInput): KeyObject {
  try {
    return create(input)
  } catch {
    throw new JwtError('key_unusable', 'it is not a valid key')
  }
}
