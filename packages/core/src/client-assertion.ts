import type { VerificationKey } from './crypto/index.ts'
import { OAuthError } from './errors.ts'
import { type JsonObject, parseJwt, verifyJwt } from './jwt/index.ts'
import { JwtError, type JwtErrorCode } from './jwt-error.ts'
import type { Reason } from './reasons.ts'

/** How far ahead `exp` may lie: an assertion is made for one request, and its `jti` is kept until then. Seconds. */
const MAX_LIFETIME = 3600
/** How far the client's clock may be off. Seconds. */
const CLOCK_TOLERANCE = 30
const MAX_JTI_LENGTH = 256
/** Types that an assertion may have; a token made for something else must not pass as one (RFC 8725 §3.11). */
const TYPES = ['JWT', 'client-authentication+jwt']

/** What an assertion is held against. Times in seconds. */
export type ClientAssertionRules = {
  readonly clientId: string
  /** The client's registered keys, those of its `token_endpoint_auth_signing_alg` only where it has one. */
  readonly keys: readonly VerificationKey[]
  /** The issuer and the token endpoint. */
  readonly audiences: readonly string[]
  /** Seconds since 1970. */
  readonly now: number
}

/** What the caller must remember, so that the assertion is used once. */
export type ClientAssertion = {
  readonly jti: string
  /** The second from which on the assertion would be refused anyway. */
  readonly exp: number
}

/**
 * Verifies a client's assertion: `iss` and `sub` its id, `aud` one of ours and nobody else, `exp` at most an hour
 * ahead, `jti` present, signed by one of its keys (RFC 7523 §3). Throws invalid_client. Replay is for the caller.
 */
export function verifyClientAssertion(assertion: string, rules: ClientAssertionRules): ClientAssertion {
  try {
    return checkAssertion(verifyAssertion(assertion, rules), rules)
  } catch (error) {
    if (!(error instanceof JwtError)) throw error
    throw refused(REASON_OF[error.code] ?? 'assertion_malformed', error)
  }
}

/** The client that an assertion speaks for, not proven yet; null where it cannot be read (RFC 7521 §4.2). */
export function readAssertionSubject(assertion: string): string | null {
  try {
    const { sub } = parseJwt(assertion).claims
    return typeof sub === 'string' ? sub : null
  } catch (error) {
    if (error instanceof JwtError) return null
    throw error
  }
}

function verifyAssertion(assertion: string, rules: ClientAssertionRules): JsonObject {
  const parsed = parseJwt(assertion)
  return verifyJwt(parsed, {
    keys: keysFor(parsed.header.kid ?? null, rules.keys),
    typ: parsed.header.typ === undefined ? null : TYPES,
    issuer: rules.clientId,
    audience: rules.audiences,
    now: rules.now,
    clockTolerance: CLOCK_TOLERANCE,
  }).claims
}

/** A client may register its key without a `kid`, while its library puts one into each assertion. */
function keysFor(kid: string | null, keys: readonly VerificationKey[]): readonly VerificationKey[] {
  if (kid === null || keys.some((key) => key.kid === kid)) return keys
  return keys.map((key) => (key.kid === null ? { ...key, kid } : key))
}

function checkAssertion({ sub, aud, jti, exp }: JsonObject, rules: ClientAssertionRules): ClientAssertion {
  if (sub !== rules.clientId) throw refused('assertion_issuer')
  // Beside a second audience the assertion could have been made for that one, and be replayed here: CVE-2025-27370.
  if (Array.isArray(aud) && aud.length !== 1) throw refused('assertion_audience')
  if (typeof exp !== 'number' || exp > rules.now + MAX_LIFETIME + CLOCK_TOLERANCE)
    throw refused('assertion_time')
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH || jti.includes('\0')) {
    throw refused('assertion_malformed')
  }
  return { jti, exp: exp + CLOCK_TOLERANCE }
}

function refused(reason: keyof typeof DESCRIPTIONS, cause?: JwtError): OAuthError {
  return new OAuthError('invalid_client', DESCRIPTIONS[reason], { reason, cause })
}

const DESCRIPTIONS = {
  assertion_malformed:
    'The client assertion must be a signed JWT with iss, sub, aud, exp and jti (RFC 7523 section 3).',
  assertion_key:
    'The client assertion is not signed by a registered key of the client with an allowed algorithm.',
  assertion_issuer: 'iss and sub of the client assertion must both be the client_id.',
  assertion_audience:
    'aud of the client assertion must be the issuer or the token endpoint, and nothing else.',
  assertion_time:
    'The client assertion has expired, is not valid yet, or has an exp more than an hour ahead.',
} as const satisfies Partial<Record<Reason, string>>

const REASON_OF: Partial<Record<JwtErrorCode, keyof typeof DESCRIPTIONS>> = {
  alg_not_allowed: 'assertion_key',
  key_unknown: 'assertion_key',
  signature_wrong: 'assertion_key',
  issuer_wrong: 'assertion_issuer',
  audience_wrong: 'assertion_audience',
  expired: 'assertion_time',
  not_yet_valid: 'assertion_time',
  issued_in_future: 'assertion_time',
}
