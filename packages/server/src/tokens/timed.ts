import { timedToken } from '@doorward/core/crypto'

const LAST_MILLISECOND = 999

/**
 * A random token of `bytes` bytes (default 32) behind the time of its making: `now`, the second of the request, and the
 * millisecond, which is the last one where that second is over. Behind the second alone the thousands that a busy server
 * makes in one would lie in no order, and each that a commit stores would have a page of the database to itself.
 */
export function newTimedToken(now: number, bytes?: number): string {
  const millisecond = Math.min(Math.max(Date.now() - now * 1000, 0), LAST_MILLISECOND)
  return timedToken(now, millisecond, bytes)
}
