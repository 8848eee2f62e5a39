import { prefixedSha256, type TokenHash } from './hash.ts'
import { randomToken } from './random.ts'

/** The second in hexadecimal, which has eight digits until the year 2106; the millisecond in decimal. */
const SECOND_DIGITS = 8
const MILLISECOND_DIGITS = 3
/** The two forms differ in length, so that no text is both. */
const TIMED = /^([0-9a-f]{8}(?:\d{3})?)[\w-]{43}$/

/**
 * A random token of `bytes` bytes (default 32, so 256 bits) behind the time of its making: the second, and its millisecond
 * (0 to 999) where many are made in one. That time is no secret, and nobody relies on it: it is there for the database.
 * Rows under such tokens, or under their hashes, lie in the order of their making, so that new ones are written side by
 * side however many there are.
 */
export function timedToken(second: number, millisecond?: number, bytes = 32): string {
  const time = second.toString(16).padStart(SECOND_DIGITS, '0')
  if (millisecond === undefined) return time + randomToken(bytes)
  return time + millisecond.toString().padStart(MILLISECOND_DIGITS, '0') + randomToken(bytes)
}

/** What is stored of a token of 256 bits: its SHA-256, behind the time of a timed one. */
export function tokenHash(token: string): TokenHash {
  return prefixedSha256(TIMED.exec(token)?.[1] ?? '', token)
}
