import type { SigningAlg, VerificationKey } from '@doorward/core/crypto'
import {
  ACCESS_TOKEN_TYP,
  checkClaims,
  checkTyp,
  findSigner,
  type JsonObject,
  JwtError,
  type JwtHeader,
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

/** A token whose signature was checked, with the key that made it. */
export type VerifiedToken = {
  readonly header: JwtHeader
  readonly claims: JsonObject
  readonly signer: VerificationKey
  readonly auth: Auth
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

/** Checks what must hold at each use, however often the token came before. Throws JwtError. */
export function checkToken(claims: JsonObject, rules: TokenRules, now: number): void {
  const { issuer, audience, clockTolerance } = rules
  checkClaims(claims, { issuer, audience, clockTolerance, now })
}

/** True for a sender-constrained token (RFC 7800 §3): whoever holds it must prove a key, too. */
export function isBound(claims: JsonObject): boolean {
  return claims.cnf !== undefined
}

/** Checks the signature and reads the claims of RFC 9068 §2.2. Throws JwtError. */
export function verifyToken(parsed: ParsedJwt, keys: readonly VerificationKey[]): VerifiedToken {
  const signer = findSigner(parsed, keys)
  return { header: parsed.header, claims: parsed.claims, signer, auth: parseAuth(parsed.claims) }
}
