import { openAesGcm, sealAesGcm, sha256Bytes, tokenHash } from '@doorward/core/crypto'
import type { RefreshTokens } from '../storage/ports.ts'
import type { PresentedRefreshToken } from '../storage/records.ts'

/** Rotations within one grace that are followed: a client that is faster than this gets no help. */
const MAX_STEPS = 200

/** Seals the next refresh token under the one it follows: only who holds the old one can open it. */
export function sealSuccessor(old: string, next: string, familyId: string): string {
  return sealAesGcm(keyOf(old), next, aadOf(familyId))
}

/**
 * Follows the chain from a rotated token to its live end, one sealed row after the other. null where it does
 * not lead to a token that is good now.
 */
export async function openLiveEnd(
  presentedToken: string,
  { token: start, family }: PresentedRefreshToken,
  refreshTokens: Pick<RefreshTokens, 'find'>,
  now: number,
): Promise<string | null> {
  let text = presentedToken
  let token = start
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (token.rotatedAt === null) return token.expiresAt > now ? text : null
    const opened = token.successor === null ? null : open(text, token.successor.sealed, family.id)
    const next = opened === null ? null : await refreshTokens.find(tokenHash(opened), now)
    if (opened === null || next?.family.id !== family.id || next.family.revokedAt !== null) return null
    text = opened
    token = next.token
  }
  return null
}

function open(old: string, sealed: string, familyId: string): string | null {
  return openAesGcm(keyOf(old), sealed, aadOf(familyId))
}

/** The token is 256 random bits, so one hash makes a key of it; the prefix makes it another one than is stored. */
function keyOf(old: string): Uint8Array {
  return sha256Bytes(`refresh-successor:${old}`)
}

function aadOf(familyId: string): string {
  return `refresh-successor:${familyId}`
}
