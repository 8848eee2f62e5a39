import {
  encodeBase64url,
  generateSigningJwk,
  importPrivateJwk,
  type SigningKey,
  signBytes,
  verificationKey,
} from '../../src/crypto/index.ts'
import { JwtError, type JwtErrorCode } from '../../src/jwt/index.ts'

export const key = importPrivateJwk(generateSigningJwk('ES256'))
export const keys = [verificationKey(key)]
export const NOW = 1_800_000_000

/** A token with exactly these texts as header and claims, signed for real. */
export function forge(header: string, claims: string, signer: SigningKey = key): string {
  const signingInput = `${encodeBase64url(header)}.${encodeBase64url(claims)}`
  return `${signingInput}.${encodeBase64url(signBytes(signer, signingInput))}`
}

export const HEADER = JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: key.kid })
export const CLAIMS = JSON.stringify({ iss: 'https://id.example', aud: 'https://api.example', exp: NOW + 60 })

/** The code of the JwtError that `action` throws, or null where it throws none. */
export function codeOf(action: () => unknown): JwtErrorCode | null {
  try {
    action()
    return null
  } catch (error) {
    if (error instanceof JwtError) return error.code
    throw error
  }
}
