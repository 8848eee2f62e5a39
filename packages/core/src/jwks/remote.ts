import type { VerificationKey } from '../crypto/import-jwk.ts'

/** Seconds between two fetches for a `kid` that is not in the set: unknown ids cost nobody a flood. */
const UNKNOWN_KID_COOL_DOWN = 30
/** Seconds until the next try after a failure, with keys in hand and without. */
const RETRY_WITH_KEYS = 30
const RETRY_WITHOUT_KEYS = 1
const MIN_MAX_AGE = 30
const MAX_MAX_AGE = 3600

/** Another party's key set as far as it is known. All times in seconds. */
export type RemoteJwks = {
  /** null until the first fetch succeeded. */
  readonly keys: readonly VerificationKey[] | null
  readonly fetching: boolean
  /** From when a fetch in the background is due. */
  readonly staleAt: number
  /** From when a token waits for fresh keys, unless the last fetch failed. */
  readonly expiresAt: number
  readonly failedAt: number | null
  /** When an unknown `kid` last caused a fetch. */
  readonly missedAt: number | null
}

/**
 * What to do with a token:
 * `use` the keys in hand · `refresh`: use them and fetch in the background · `fetch` and wait for it ·
 * `wait` for the fetch under way · `unavailable`: there are no keys and the last try has just failed.
 */
export type FetchDecision = 'use' | 'refresh' | 'fetch' | 'wait' | 'unavailable'

const initial: RemoteJwks = {
  keys: null,
  fetching: false,
  staleAt: 0,
  expiresAt: 0,
  failedAt: null,
  missedAt: null,
}

/** The key set of another party as a state machine: who drives it brings the fetch and the clock. */
export const remoteJwks = { initial, decideFetch, started, received, failed, retryAfter }

/**
 * Decides for a token with this `kid` (null where it has none). Keys are fetched once, refreshed in the
 * background; an unknown `kid` causes one fetch, shared by all who wait, then a cool-down. While the issuer is
 * down the last good keys stay in use.
 */
export function decideFetch(
  state: RemoteJwks,
  asked: { readonly now: number; readonly kid: string | null },
): FetchDecision {
  const { now, kid } = asked
  const { keys, fetching } = state
  if (keys === null) return fetching ? 'wait' : now < retryAt(state) ? 'unavailable' : 'fetch'
  const known = kid === null ? keys.length > 0 : keys.some((key) => key.kid === kid)
  if (!known) return fetching ? 'wait' : mayMiss(state, now) ? 'fetch' : 'use'
  if (now < state.staleAt) return 'use'
  if (now >= state.expiresAt && state.failedAt === null) return fetching ? 'wait' : 'fetch'
  return fetching || now < retryAt(state) ? 'use' : 'refresh'
}

/** A fetch was started for a token with this `kid`. */
export function started(
  state: RemoteJwks,
  asked: { readonly now: number; readonly kid: string | null },
): RemoteJwks {
  const { keys } = state
  const missed = keys !== null && !keys.some((key) => key.kid === asked.kid)
  return { ...state, fetching: true, missedAt: missed ? asked.now : state.missedAt }
}

/** A fetch brought keys, good for `maxAge` seconds (kept between 30 seconds and an hour). */
export function received(
  state: RemoteJwks,
  keys: readonly VerificationKey[],
  now: number,
  maxAge: number,
): RemoteJwks {
  const age = Math.min(Math.max(maxAge, MIN_MAX_AGE), MAX_MAX_AGE)
  return {
    keys: keepKnown(state.keys ?? [], keys),
    fetching: false,
    staleAt: now + age,
    expiresAt: now + 2 * age,
    failedAt: null,
    missedAt: state.missedAt,
  }
}

/** A fetch failed: the keys stay as they were. */
export function failed(state: RemoteJwks, now: number): RemoteJwks {
  return { ...state, fetching: false, failedAt: now }
}

/** Seconds until another try makes sense, for `Retry-After`: at least 1. */
export function retryAfter(state: RemoteJwks, now: number): number {
  return Math.max(retryAt(state) - now, 1)
}

function retryAt(state: RemoteJwks): number {
  if (state.failedAt === null) return 0
  return state.failedAt + (state.keys === null ? RETRY_WITHOUT_KEYS : RETRY_WITH_KEYS)
}

function mayMiss(state: RemoteJwks, now: number): boolean {
  return state.missedAt === null || now >= state.missedAt + UNKNOWN_KID_COOL_DOWN
}

/** A key that is still there stays the same object, so that what was verified with it can be told by identity. */
function keepKnown(
  old: readonly VerificationKey[],
  fresh: readonly VerificationKey[],
): readonly VerificationKey[] {
  return fresh.map((key) => old.find((candidate) => isSameKey(candidate, key)) ?? key)
}

function isSameKey(a: VerificationKey, b: VerificationKey): boolean {
  return a.kid === b.kid && a.alg === b.alg && a.key.equals(b.key)
}
