import { type OAuthErrorCode, REASONS, type Reason } from '@doorward/core'
import type { JwtError, JwtErrorCode } from '@doorward/core/jwt'

/** Why a request is turned away, before it is written as HTTP. Never holds the token. */
export type Refusal = {
  readonly status: 400 | 401 | 403 | 503
  /** Null where no token was sent: RFC 6750 §3.1 has no error code for that. */
  readonly error: OAuthErrorCode | null
  /** Stable cause code, explained in the reference of errors. */
  readonly reason: Reason
  /** For people: the cause and the fix. */
  readonly message: string
  /** Scopes that the route needs, for the challenge of a 403. */
  readonly scope: string | null
  /** Seconds, where waiting helps. */
  readonly retryAfter: number | null
  /** What happened underneath, for logs. */
  readonly cause: unknown
}

const REASON_OF = {
  malformed: 'token_malformed',
  too_large: 'token_too_large',
  alg_not_allowed: 'token_alg_not_allowed',
  crit_unknown: 'token_crit_unknown',
  typ_wrong: 'token_typ_wrong',
  key_unknown: 'token_key_unknown',
  key_unusable: 'token_key_unknown',
  signature_wrong: 'token_signature_wrong',
  expired: 'token_expired',
  not_yet_valid: 'token_not_yet_valid',
  issued_in_future: 'token_issued_in_future',
  issuer_wrong: 'token_issuer_wrong',
  audience_wrong: 'token_audience_wrong',
  claim_missing: 'token_claim_missing',
  claim_malformed: 'token_claim_malformed',
  claim_repeated: 'token_claim_repeated',
} as const satisfies Record<JwtErrorCode, Reason>

const NOTHING_MORE = { scope: null, retryAfter: null, cause: null } as const

/** No token: 401 with a bare challenge and no error code (RFC 6750 §3.1). */
export const tokenMissing: Refusal = {
  ...NOTHING_MORE,
  status: 401,
  error: null,
  reason: 'token_missing',
  message: REASONS.token_missing,
}

/** The request carries its token in a way that RFC 6750 §2 does not allow: 400. */
export function invalidRequest(
  reason: 'token_repeated' | 'token_in_query' | 'authorization_malformed',
): Refusal {
  return { ...NOTHING_MORE, status: 400, error: 'invalid_request', reason, message: REASONS[reason] }
}

/** The token is not good (RFC 6750 §3.1): 401. */
export function invalidToken(cause: JwtError): Refusal {
  const reason = REASON_OF[cause.code]
  return { ...NOTHING_MORE, status: 401, error: 'invalid_token', reason, message: REASONS[reason], cause }
}

/** The token is bound to a key (RFC 9449 §7.1, RFC 8705 §3) that a bearer request does not prove: 401. */
export const tokenBound: Refusal = {
  ...NOTHING_MORE,
  status: 401,
  error: 'invalid_token',
  reason: 'token_bound',
  message: REASONS.token_bound,
}

/** The token is good and allows too little (RFC 6750 §3.1): 403. */
export function insufficientScope(
  reason: 'scope_missing' | 'role_missing' | 'permission_missing',
  message: string,
  scope: string | null,
): Refusal {
  return { ...NOTHING_MORE, status: 403, error: 'insufficient_scope', reason, message, scope }
}

/** There are no keys to judge with: 503, since the caller did nothing wrong. */
export function unavailable(cause: IssuerError, retryAfter: number): Refusal {
  const { reason } = cause
  const message = REASONS[reason]
  return { status: 503, error: 'temporarily_unavailable', reason, message, scope: null, retryAfter, cause }
}

/** The issuer's keys could not be had. Its message names the address and is for logs only. */
export class IssuerError extends Error {
  override readonly name = 'IssuerError'
  readonly reason: 'issuer_unreachable' | 'issuer_mismatch' | 'issuer_unreadable'

  constructor(reason: IssuerError['reason'], message: string, options?: { cause: unknown }) {
    super(message, options)
    this.reason = reason
  }
}
