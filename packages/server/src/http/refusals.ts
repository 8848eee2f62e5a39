import { OAuthError } from '@doorward/core'
import type { AuditEvent, Deps } from '../deps.ts'
import type { Handler, Inbound } from './inbound.ts'

/** Puts a refusal on record; client authentication and password attempts do so for themselves, with their cause. */
export function recordRefusal(
  cause: unknown,
  inbound: Inbound,
  event: Pick<AuditEvent, 'event' | 'clientId' | 'grantType'>,
  { audit }: Pick<Deps, 'audit'>,
): void {
  if (!(cause instanceof OAuthError)) return
  if (cause.code === 'invalid_client' || cause.reason === 'sign_in_refused') return
  const { code: error, reason } = cause
  audit.record({ ...event, error, reason, ip: inbound.ip, reference: inbound.reference })
}

/** An endpoint whose refusals are on record as `request.refused`. */
export function recordingRefusals(handler: Handler, deps: Pick<Deps, 'audit'>): Handler {
  return async (inbound) => {
    try {
      return await handler(inbound)
    } catch (cause) {
      recordRefusal(cause, inbound, { event: 'request.refused' }, deps)
      throw cause
    }
  }
}
