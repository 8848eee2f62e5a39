import { prefixedSha256, type TokenHash } from './hash.ts'
import { randomToken } from './random.ts'

/** The second in hexadecimal, which has eight digits until the year 2106. */
const DIGITS = 8
const TIMED = /^[0-9a-f]{8}[\w-]{43}$/

/**
 * A random token of `bytes` bytes (default 32, so 256 bits) behind the second `now` of its making. That second is no
 * secret, and nobody relies on it: it is there for the database. Rows under such tokens, or under their hashes, lie in
 * the order of their making, so that new ones are written side by side however many there are.
 */
export function timedToken(now: number, bytes = 32): string {
  return now.toString(16).padStart(DIGITS, '0') + randomToken(bytes)
}

/** What is stored of a token of 256 bits: its SHA-256, behind the second of a timed one. */
export function tokenHash(token: string): TokenHash {
  return prefixedSha256(TIMED.test(token) ? token.slice(0, DIGITS) : '', token)
}
