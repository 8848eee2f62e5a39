import { bearerChallenge } from '@doorward/core/messages'
import type { Refusal } from './refusal.ts'

/** A refusal as HTTP. */
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** JSON. */
  readonly body: string
}

/** Writes a refusal by RFC 6750 §3: challenge in the header, cause code and message in the body. */
export function respondRefusal(refusal: Refusal, realm: string | null): Answer {
  const { status, error, reason, message } = refusal
  const described = error === null ? {} : { error, error_description: message }
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...(status === 503 ? {} : { 'www-authenticate': challenge(refusal, realm) }),
      ...(refusal.retryAfter === null ? {} : { 'retry-after': String(refusal.retryAfter) }),
    },
    body: JSON.stringify({ ...described, reason, message }),
  }
}

function challenge(refusal: Refusal, realm: string | null): string {
  const named = realm === null ? {} : { realm }
  if (refusal.error === null) return bearerChallenge(named)
  const scope = refusal.scope === null ? {} : { scope: refusal.scope }
  return bearerChallenge({ ...named, error: refusal.error, description: refusal.message, ...scope })
}
