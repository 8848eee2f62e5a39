import { constantTimeEqual, randomToken, sha256 } from '@doorward/core/crypto'
import type { Client } from '../storage/records.ts'

/** Compared with where there is no client: nobody knows a text with this hash. */
const NOBODY = sha256(randomToken(32))

/**
 * True where `secret` is the client's. Takes the same time for a client that does not exist. A secret is 256
 * random bits of ours, so one SHA-256 is hash enough.
 */
export function secretMatches(secret: string, client: Client | null): boolean {
  return constantTimeEqual(sha256(secret), client?.secretHash ?? NOBODY)
}
