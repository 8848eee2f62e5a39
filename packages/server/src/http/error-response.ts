import { OAuthError, REASONS } from '@doorward/core'
import { basicChallenge, bearerChallenge } from '@doorward/core/messages'
import type { Audit } from '../deps.ts'
import { errorPage } from '../pages/error.ts'
import type { PageFrame } from '../pages/views.ts'
import { StorageError } from '../storage/storage-error.ts'
import type { Inbound } from './inbound.ts'
import type { Reply } from './incoming.ts'
import { page, privateJson } from './respond.ts'
import type { RouteKind } from './routes.ts'

/** Seconds after which a caller may try again where nothing better is known. */
const RETRY_SECONDS = 5

/** What every error answer is made with. */
export type ErrorContext = {
  readonly audit: Pick<Audit, 'fault'>
  readonly frame: PageFrame
  readonly issuer: string
}

/**
 * Turns whatever an endpoint threw into an answer: JSON with its challenge for a program, a page for a person.
 * What nobody foresaw is logged with the reference that the answer shows.
 * @see RFC 6749 §5.2, RFC 6750 §3
 */
export async function errorResponse(
  cause: unknown,
  inbound: Inbound,
  kind: RouteKind,
  context: ErrorContext,
): Promise<Reply> {
  const error = toOAuthError(cause)
  if (error.status === 500) context.audit.fault(inbound.reference, cause)
  if (kind !== 'page') return programError(error, inbound, context.issuer)
  const view = {
    status: error.status,
    description: error.description,
    fix: REASONS[error.reason],
    reason: error.reason,
    code: error.code,
    reference: inbound.reference,
  }
  return page(errorPage(context.frame, view), { status: error.status, retryAfter: retryAfter(error) })
}

/** The refusal behind anything thrown. */
export function toOAuthError(cause: unknown): OAuthError {
  if (cause instanceof OAuthError) return cause
  if (cause instanceof StorageError && cause.code === 'unavailable') {
    return new OAuthError('temporarily_unavailable', 'The database cannot be reached for the moment.', {
      reason: 'storage_unavailable',
      cause,
    })
  }
  return new OAuthError('server_error', 'Something failed inside the server.', { reason: 'internal', cause })
}

function programError(error: OAuthError, inbound: Inbound, issuer: string): Reply {
  const headers: Record<string, string> = {}
  const seconds = retryAfter(error)
  if (seconds !== null) headers['Retry-After'] = String(seconds)
  const challenge = challengeFor(error, inbound, issuer)
  if (challenge !== null) headers['WWW-Authenticate'] = challenge
  const body = {
    // A request without a token learns that one is needed, and of no error (RFC 6750 §3.1).
    error: error.reason === 'token_missing' ? undefined : error.code,
    error_description: error.description,
    reason: error.reason,
    reference: inbound.reference,
  }
  return privateJson(body, error.status, headers)
}

function challengeFor(error: OAuthError, inbound: Inbound, issuer: string): string | null {
  if (error.reason === 'token_missing') return bearerChallenge()
  if (error.code === 'invalid_token' || error.code === 'insufficient_scope') {
    const scope = error.scope === null ? {} : { scope: error.scope }
    return bearerChallenge({ error: error.code, description: error.description, ...scope })
  }
  const triedBasic = /^basic(?: |$)/i.test(inbound.request.header('authorization') ?? '')
  return error.code === 'invalid_client' && triedBasic ? basicChallenge(issuer) : null
}

function retryAfter(error: OAuthError): number | null {
  return error.retryAfter ?? (error.status === 503 ? RETRY_SECONDS : null)
}
