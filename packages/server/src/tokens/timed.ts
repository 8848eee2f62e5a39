import { timedToken } from '@doorward/core/crypto'

/**
 * A random token of `bytes` bytes (default 32) behind the time of its making: `now`, the second of the request, and the
 * millisecond of the system's clock. A busy server makes thousands a second, and those that one commit stores would
 * each have a page of the database to itself.
 */
export function newTimedToken(now: number, bytes?: number): string {
  return timedToken(now, Date.now() % 1000, bytes)
}
