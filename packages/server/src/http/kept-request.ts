import { OAuthError } from '@doorward/core'
import { randomToken, sha256 } from '@doorward/core/crypto'
import type { Deps } from '../deps.ts'
import type { KeptRequest } from '../storage/records.ts'

type KeepDeps = Pick<Deps, 'storage' | 'clock'>

/** Seconds in which the GET that follows a kept POST may come. */
const KEPT_SECONDS = 300

/** Who makes us keep a request, and for how long. */
export type Keeping = {
  /** Where it comes from (throttledNetwork). */
  readonly network: string
  /** Default 300. */
  readonly seconds?: number
}

/** The parameter that carries the id of a kept request. */
export const KEPT_PARAMETER = 'dw_kept'

/** Requests that one network may make us keep in that time: nobody alone can fill the table for all. */
const MOST_FROM_ONE = 1_000

/** Longest request, in characters, that pages carry in their own address; a longer one stays kept. */
const MAX_CARRIED = 4096

/**
 * Keeps the form of a cross-site POST, which came without our SameSite=Lax cookies, and answers the id under
 * which the browser's own GET finds it. Throws temporarily_unavailable where too many are kept already.
 */
export async function keepRequest(
  endpoint: KeptRequest['endpoint'],
  form: URLSearchParams,
  { network, seconds = KEPT_SECONDS }: Keeping,
  deps: KeepDeps,
): Promise<string> {
  const id = randomToken(32)
  const now = deps.clock()
  const limit = { key: `kept:${network}`, max: MOST_FROM_ONE, windowSeconds: KEPT_SECONDS }
  const wait = await deps.storage.limits.take([limit], now)
  if (wait !== null) throw full(wait)
  const request = { hash: sha256(id), endpoint, form: form.toString(), expiresAt: now + seconds }
  if (await deps.storage.keptRequests.insert(request, now)) return id
  throw full(60)
}

function full(retryAfter: number): OAuthError {
  return new OAuthError(
    'temporarily_unavailable',
    'Too many requests wait to be continued. Try again shortly.',
    { reason: 'kept_requests_full', retryAfter },
  )
}

/**
 * The parameters of a request: the query's own, or the kept form it names. Throws invalid_request where that
 * is gone.
 */
export async function resumeRequest(
  endpoint: KeptRequest['endpoint'],
  query: URLSearchParams,
  deps: KeepDeps,
): Promise<URLSearchParams> {
  const id = query.get(KEPT_PARAMETER)
  if (id === null) return query
  const kept = await deps.storage.keptRequests.find(sha256(id), endpoint, deps.clock())
  if (kept !== null) return new URLSearchParams(kept.form)
  throw new OAuthError('invalid_request', 'This step has expired. Go back to the app and start again.', {
    reason: 'kept_request_gone',
  })
}

/**
 * How the address of a page carries a request on: by its parameters, which do not expire, and only where they
 * are long by the id of the kept form.
 */
export function carriedBy(query: URLSearchParams, request: URLSearchParams): URLSearchParams {
  const id = query.get(KEPT_PARAMETER)
  if (id === null || request.toString().length <= MAX_CARRIED) return request
  return new URLSearchParams({ [KEPT_PARAMETER]: id })
}
