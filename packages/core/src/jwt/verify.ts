import type { VerificationKey } from '../crypto/import-jwk.ts'
import { verifyBytes } from '../crypto/signature.ts'
import { selectKeys } from '../jwks/select.ts'
import { JwtError } from '../jwt-error.ts'
import { type ClaimRules, checkClaims } from './check-claims.ts'
import { type JwtHeader, type ParsedJwt, parseJwt } from './parse.ts'
import type { JsonObject } from './strict-json.ts'

/** What a token must be to be believed. */
export type VerifyRules = ClaimRules & {
  readonly keys: readonly VerificationKey[]
  /** Accepted `typ` values (RFC 8725 §3.11); null where the sender is known to set none that helps. */
  readonly typ: readonly string[] | null
}

/** A token that is proven. */
export type VerifiedJwt = { readonly header: JwtHeader; readonly claims: JsonObject }

/**
 * Verifies a JWT (RFC 7519 §7.2): type, claims, then a signature by one of the keys with that key's own
 * algorithm. The cheap checks come first, so that a flood of dead tokens costs little. Throws JwtError.
 */
export function verifyJwt(token: string | ParsedJwt, rules: VerifyRules): VerifiedJwt {
  const parsed = typeof token === 'string' ? parseJwt(token) : token
  checkTyp(parsed.header, rules.typ)
  checkClaims(parsed.claims, rules)
  findSigner(parsed, rules.keys)
  return { header: parsed.header, claims: parsed.claims }
}

/** The key whose signature the token bears. Throws JwtError `alg_not_allowed`, `key_unknown`, `signature_wrong`. */
export function findSigner(parsed: ParsedJwt, keys: readonly VerificationKey[]): VerificationKey {
  const { kid } = parsed.header
  const candidates = selectKeys(keys, parsed.header)
  if (candidates.length === 0) {
    const named = kid === undefined || keys.some((key) => key.kid === kid)
    throw new JwtError(named && keys.length > 0 ? 'alg_not_allowed' : 'key_unknown')
  }
  const signer = candidates.find((key) => verifySignature(parsed, key))
  if (signer === undefined) throw new JwtError('signature_wrong')
  return signer
}

/** True where the signature is the key's, with the key's algorithm (RFC 8725 §3.1). */
export function verifySignature(parsed: ParsedJwt, key: VerificationKey): boolean {
  return parsed.header.alg === key.alg && verifyBytes(key, parsed.signingInput, parsed.signature)
}

/**
 * Compares `typ` as a media type: letter case does not count, nor a leading `application/` (RFC 7515 §4.1.9).
 * Throws JwtError `typ_wrong`.
 */
export function checkTyp(header: JwtHeader, allowed: readonly string[] | null): void {
  if (allowed === null || (header.typ !== undefined && allowed.includes(header.typ))) return
  const typ = header.typ === undefined ? null : mediaType(header.typ)
  if (typ === null || !allowed.some((candidate) => mediaType(candidate) === typ))
    throw new JwtError('typ_wrong')
}

function mediaType(typ: string): string {
  const lower = typ.toLowerCase()
  return lower.startsWith('application/') ? lower.slice('application/'.length) : lower
}
