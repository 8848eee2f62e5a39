import { JwtError } from '../jwt-error.ts'
import type { JsonObject } from './strict-json.ts'

/** How far ahead another machine's clock may be when it writes `iat`, in seconds. `iat` limits nothing by itself. */
const ISSUED_AHEAD = 60

/** What the claims of a token must say (RFC 7519 §4.1). Times in seconds. */
export type ClaimRules = {
  /** Exact text of `iss`; not checked where absent. */
  readonly issuer?: string
  /** One of these must be in `aud`; not checked where absent. */
  readonly audience?: string | readonly string[]
  readonly now: number
  /** How far the clocks may differ where `exp` and `nbf` are judged. Default 0. */
  readonly clockTolerance?: number
  /** Default true. */
  readonly requireExp?: boolean
  /** For `id_token_hint`, which may have expired (OpenID Connect RP-Initiated Logout §2). Default false. */
  readonly allowExpired?: boolean
}

/** Judges time, issuer and audience. Throws JwtError. */
export function checkClaims(claims: JsonObject, rules: ClaimRules): void {
  if (rules.issuer !== undefined) checkIssuer(claims, rules.issuer)
  if (rules.audience !== undefined) checkAudience(claims, rules.audience)
  checkTimes(claims, rules)
}

function checkIssuer(claims: JsonObject, issuer: string): void {
  if (claims.iss === undefined) throw new JwtError('claim_missing', 'iss')
  if (typeof claims.iss !== 'string') throw new JwtError('claim_malformed', 'iss')
  if (claims.iss !== issuer) throw new JwtError('issuer_wrong')
}

function checkAudience(claims: JsonObject, expected: string | readonly string[]): void {
  const { aud } = claims
  if (aud === undefined) throw new JwtError('claim_missing', 'aud')
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!audiences.every((audience) => typeof audience === 'string'))
    throw new JwtError('claim_malformed', 'aud')
  const matches =
    typeof expected === 'string'
      ? audiences.includes(expected)
      : expected.some((audience) => audiences.includes(audience))
  if (!matches) throw new JwtError('audience_wrong')
}

function checkTimes(claims: JsonObject, rules: ClaimRules): void {
  const { now, clockTolerance = 0 } = rules
  const exp = date(claims, 'exp')
  const nbf = date(claims, 'nbf')
  const iat = date(claims, 'iat')
  if (exp === null && rules.requireExp !== false) throw new JwtError('claim_missing', 'exp')
  // RFC 7519 §4.1.4: not accepted on or after exp.
  if (exp !== null && rules.allowExpired !== true && now >= exp + clockTolerance)
    throw new JwtError('expired')
  if (nbf !== null && now + clockTolerance < nbf) throw new JwtError('not_yet_valid')
  if (iat !== null && iat > now + Math.max(clockTolerance, ISSUED_AHEAD))
    throw new JwtError('issued_in_future')
}

function date(claims: JsonObject, name: string): number | null {
  const value = claims[name]
  if (value === undefined) return null
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new JwtError('claim_malformed', name)
  return value
}
