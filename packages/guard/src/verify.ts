import type { SigningAlg, VerificationKey } from '@doorward/core/crypto'
import {
  ACCESS_TOKEN_TYP,
  checkClaims,
  checkTyp,
  findSigner,
  type JsonObject,
  JwtError,
  type ParsedJwt,
  parseJwt,
} from '@doorward/core/jwt'
import { type Auth, parseAuth } from './auth.ts'

/** What tokens must say. */
export type TokenRules = {
  readonly issuer: string
  readonly audience: readonly string[]
  readonly algorithms: readonly SigningAlg[]
  readonly clockTolerance: number
}

/** A token whose signature was checked, as it is remembered. */
export type VerifiedToken = {
  readonly auth: Auth
  readonly kid: string | null
  /** The key that signed it. */
  readonly signer: VerificationKey
  readonly audience: readonly string[]
  readonly verifiedAt: number
}

const TYPES = [ACCESS_TOKEN_TYP]

/** Takes a token apart and checks its form, type and algorithm. Throws JwtError. */
export function parseToken(token: string, rules: TokenRules): ParsedJwt {
  const parsed = parseJwt(token)
  // RFC 8725 §3.11, RFC 9068 §4: an ID token must not pass for an access token.
  checkTyp(parsed.header, TYPES)
  if (!rules.algorithms.includes(parsed.header.alg)) throw new JwtError('alg_not_allowed')
  return parsed
}

/** Checks the claims that do not depend on the signature (RFC 7519 §4.1). Throws JwtError. */
export function checkToken(claims: JsonObject, rules: TokenRules, now: number): void {
  const { issuer, audience, clockTolerance } = rules
  checkClaims(claims, { issuer, audience, clockTolerance, now })
}

/** True for a sender-constrained token (RFC 7800 §3): whoever holds it must prove a key, too. */
export function isBound(claims: JsonObject): boolean {
  return claims.cnf !== undefined
}

/** Checks the signature and reads the claims of RFC 9068 §2.2. Throws JwtError. */
export function verifyToken(parsed: ParsedJwt, keys: readonly VerificationKey[], now: number): VerifiedToken {
  const signer = findSigner(parsed, keys)
  const { aud } = parsed.claims
  const audience = (Array.isArray(aud) ? aud : [aud]).map(String)
  return { auth: parseAuth(parsed.claims), kid: parsed.header.kid ?? null, signer, audience, verifiedAt: now }
}

/**
 * True where a remembered token still holds at `now`. What was good once stays good until it expires: `nbf` and
 * `iat` only move into the past, unless the clock was set back.
 */
export function stillHolds(known: VerifiedToken, rules: TokenRules, now: number): boolean {
  if (now < known.verifiedAt || now >= known.auth.expiresAt + rules.clockTolerance) return false
  for (const audience of rules.audience) if (known.audience.includes(audience)) return true
  return false
}
