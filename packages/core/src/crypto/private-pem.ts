import { createPrivateKey } from 'node:crypto'

/** True for the text of a private key that signs ES256: P-256, as PKCS #8 in PEM (RFC 5958, RFC 7468 §10). */
export function isEs256PrivatePem(pem: string): boolean {
  if (!pem.startsWith('-----BEGIN PRIVATE KEY-----')) return false
  try {
    return createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1'
  } catch {
    return false
  }
}
