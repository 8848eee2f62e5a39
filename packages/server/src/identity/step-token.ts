import { constantTimeEqual, hmacSha256, sha256 } from '@doorward/core/crypto'

const STEPS = ['login', 'select', 'consent'] as const

/** What a person can be asked to do in an authorization: prove who they are, pick an account, allow the app. */
export type StepName = (typeof STEPS)[number]

/** What has been done for one authorization request, and by which session. */
export type Step = {
  readonly done: readonly StepName[]
  /** The session that did it; null after "use another account", until somebody has signed in. */
  readonly sid: string | null
}

/** How long a step counts as done, in seconds: long enough to read a consent page. */
export const STEP_LIFETIME = 300

/**
 * Says that a step was done for this request, so that `prompt=login` and its like are satisfied once instead
 * of asking for ever. Bound to the request's other parameters: a step of one request is worth nothing in
 * another. It opens nothing by itself: the session that it names has to be in the browser's cookie too.
 * `key` is `secrets.derive('step')`, `now` in seconds.
 */
export function sealStep(key: Uint8Array, step: Step, request: URLSearchParams, now: number): string {
  const payload = `${step.done.join('-')}.${step.sid ?? ''}.${now + STEP_LIFETIME}`
  return `${payload}.${signature(key, payload, request)}`
}

/**
 * Reads a step token, or null where it was not made by us for this request. Of an expired one only the
 * session is kept: it says which account the page was about, and nothing counts as done.
 */
export function openStep(key: Uint8Array, token: string, request: URLSearchParams, now: number): Step | null {
  const end = token.lastIndexOf('.')
  const payload = token.slice(0, Math.max(end, 0))
  if (!constantTimeEqual(token.slice(end + 1), signature(key, payload, request))) return null
  const [done = '', sid = '', expiresAt = ''] = payload.split('.')
  const names = done.split('-')
  return {
    done: Number(expiresAt) > now ? STEPS.filter((name) => names.includes(name)) : [],
    sid: sid === '' ? null : sid,
  }
}

function signature(key: Uint8Array, payload: string, request: URLSearchParams): string {
  return hmacSha256(key, `step.v1\n${payload}\n${sha256(request.toString())}`)
}
