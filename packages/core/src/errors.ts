import type { Reason } from './reasons.ts'

/**
 * Every OAuth and OpenID Connect error code that Doorward answers with, and its own: its HTTP status where a program
 * asked, and the section that defines it. Nothing else in the code states a status for a protocol error.
 */
export const OAUTH_ERRORS = {
  invalid_request: { status: 400, rfc: 'RFC 6749 §5.2' },
  invalid_client: { status: 401, rfc: 'RFC 6749 §5.2' },
  invalid_grant: { status: 400, rfc: 'RFC 6749 §5.2' },
  unauthorized_client: { status: 400, rfc: 'RFC 6749 §5.2' },
  unsupported_grant_type: { status: 400, rfc: 'RFC 6749 §5.2' },
  invalid_scope: { status: 400, rfc: 'RFC 6749 §5.2' },
  invalid_target: { status: 400, rfc: 'RFC 8707 §2' },
  access_denied: { status: 400, rfc: 'RFC 6749 §4.1.2.1' },
  unsupported_response_type: { status: 400, rfc: 'RFC 6749 §4.1.2.1' },
  server_error: { status: 500, rfc: 'RFC 6749 §4.1.2.1' },
  temporarily_unavailable: { status: 503, rfc: 'RFC 6749 §4.1.2.1' },
  login_required: { status: 400, rfc: 'OpenID Connect Core §3.1.2.6' },
  consent_required: { status: 400, rfc: 'OpenID Connect Core §3.1.2.6' },
  request_not_supported: { status: 400, rfc: 'OpenID Connect Core §3.1.2.6' },
  request_uri_not_supported: { status: 400, rfc: 'OpenID Connect Core §3.1.2.6' },
  invalid_token: { status: 401, rfc: 'RFC 6750 §3.1' },
  insufficient_scope: { status: 403, rfc: 'RFC 6750 §3.1' },
  invalid_redirect_uri: { status: 400, rfc: 'RFC 7591 §3.2.2' },
  invalid_client_metadata: { status: 400, rfc: 'RFC 7591 §3.2.2' },
  connection_not_found: { status: 404, rfc: 'RFC 9110 §15.5.5' },
  connection_lapsed: { status: 409, rfc: 'RFC 9110 §15.5.10' },
  upstream_failed: { status: 502, rfc: 'RFC 9110 §15.6.3' },
  upstream_unavailable: { status: 503, rfc: 'RFC 9110 §15.6.4' },
  redirect_to_web: { status: 400, rfc: 'OAuth 2.0 for First-Party Applications §5.2.2' },
} as const satisfies Record<string, { status: number; rfc: string }>

/** An error code that Doorward answers with. */
export type OAuthErrorCode = keyof typeof OAUTH_ERRORS

/**
 * A refusal in the words of OAuth. `description` is public and constant: never a token, a secret or what
 * somebody typed. `reason` is the stable cause code that the documentation explains. `cause` is only logged.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: OAuthErrorCode
  readonly description: string
  readonly reason: Reason
  /** Seconds to wait, for `Retry-After`, where waiting helps. */
  readonly retryAfter: number | null
  /** A status that differs from the code's own: 404, 405, 413 (too large), 429 (throttled). */
  readonly statusOverride: number | null
  /** The scope that would do, separated by spaces, for the challenge of insufficient_scope (RFC 6750 §3). */
  readonly scope: string | null

  constructor(
    code: OAuthErrorCode,
    description: string,
    options: {
      reason: Reason
      cause?: unknown
      retryAfter?: number
      status?: 404 | 405 | 413 | 429
      scope?: string
    },
  ) {
    super(`${code}: ${description}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.description = description
    this.reason = options.reason
    this.retryAfter = options.retryAfter ?? null
    this.statusOverride = options.status ?? null
    this.scope = options.scope ?? null
  }

  /** The HTTP status for a program endpoint. */
  get status(): number {
    return this.statusOverride ?? OAUTH_ERRORS[this.code].status
  }
}
