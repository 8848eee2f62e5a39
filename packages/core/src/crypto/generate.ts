import { generateKeyPair, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { type PrivateJwk, parsePrivateJwk, type SigningAlg } from './jwk.ts'

const RSA_BITS = 2048

/** Makes a signing key at once: 60 µs. RSA takes up to a second, so it is made by `generateSigningJwkAsync`. */
export function generateSigningJwk(alg: 'ES256' | 'EdDSA'): PrivateJwk {
  const { privateKey } =
    alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')
  return exportJwk(privateKey, alg)
}

/** Makes a signing key off the main thread. RSA has 2048 bits; `kid` is the thumbprint of RFC 7638. */
export async function generateSigningJwkAsync(alg: SigningAlg): Promise<PrivateJwk> {
  if (alg === 'ES256' || alg === 'EdDSA') return generateSigningJwk(alg)
  const privateKey = await new Promise<KeyObject>((resolve, reject) => {
    generateKeyPair('rsa', { modulusLength: RSA_BITS }, (error, _publicKey, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
  return exportJwk(privateKey, alg)
}

function exportJwk(key: KeyObject, alg: SigningAlg): PrivateJwk {
  return parsePrivateJwk({ ...key.export({ format: 'jwk' }), alg })
}
