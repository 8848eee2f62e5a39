import { sha256 } from '@doorward/core/crypto'
import type { VaultRow } from '../ports.ts'
import type { Opened } from '../vault/seal.ts'

/** Most seconds before its expiry that a token is refreshed. */
const MOST_EARLY = 60

/**
 * When an access token is to be refreshed, in seconds: up to a minute, or a quarter of its life, before it expires.
 * How early differs from row to row and is the same everywhere, so that what was issued together is not refreshed
 * together. Infinity where the provider names no end.
 */
export function refreshAt({ ref, version }: VaultRow, { tokens: { expiresAt }, since }: Opened): number {
  if (expiresAt === null) return Number.POSITIVE_INFINITY
  const early = Math.min(MOST_EARLY, (expiresAt - since) / 4)
  return expiresAt - early * (0.5 + 0.5 * shareOf(`${ref}.${version}`))
}

/** From 0 to 1, evenly spread over texts. */
const shareOf = (text: string): number => Buffer.from(sha256(text), 'base64url').readUInt32BE() / 2 ** 32
