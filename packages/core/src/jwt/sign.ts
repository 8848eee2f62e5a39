import { encodeBase64url } from '../crypto/base64url.ts'
import type { SigningKey } from '../crypto/import-jwk.ts'
import { signBytes } from '../crypto/signature.ts'
import { JwtError } from '../jwt-error.ts'

const DATE_CLAIMS = ['exp', 'nbf', 'iat', 'auth_time'] as const

type Claims = Readonly<Record<string, unknown>>

/** Encoded headers, per key and type: the same for each token, so they are made once. */
const headers = new WeakMap<SigningKey, Map<string, string>>()

/**
 * Signs claims as a compact JWT (RFC 7515 §5.1) with the key's algorithm; the header is `alg`, `typ`, `kid`.
 * Members that are undefined are left out. Throws JwtError `claim_malformed` for a date that is not whole.
 */
export function signJwt(header: { readonly typ: string }, claims: Claims, key: SigningKey): string {
  for (const name of DATE_CLAIMS) checkDate(name, claims[name])
  const signingInput = `${encodedHeader(header.typ, key)}.${encodeBase64url(JSON.stringify(claims))}`
  return `${signingInput}.${encodeBase64url(signBytes(key, signingInput))}`
}

/** JSON.stringify writes null for NaN: a token that never expires, to some readers. */
function checkDate(name: string, value: unknown): void {
  if (value === undefined || Number.isSafeInteger(value)) return
  throw new JwtError('claim_malformed', `${name} is not a whole number of seconds`)
}

function encodedHeader(typ: string, key: SigningKey): string {
  const byTyp = headers.get(key) ?? new Map<string, string>()
  const known = byTyp.get(typ)
  if (known !== undefined) return known
  const encoded = encodeBase64url(JSON.stringify({ alg: key.alg, typ, kid: key.kid }))
  headers.set(key, byTyp.set(typ, encoded))
  return encoded
}
