import { openByKeystream, sealByKeystream, tokenHash } from '@doorward/core/crypto'
import type { RefreshTokens } from '../storage/ports.ts'
import type { PresentedRefreshToken } from '../storage/records.ts'

/** Rotations within one grace that are followed: a client that is faster than this gets no help. */
const MAX_STEPS = 200

/**
 * Seals the next refresh token under the one it follows: only who holds the old one can open it. A keystream does: a token
 * has 256 random bits, and what opens counts for nothing unless it is a stored token of the same family.
 */
export function sealSuccessor(old: string, next: string, familyId: string): string {
  return sealByKeystream(old, placeOf(familyId), next)
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
    const { successor } = token
    const opened = successor === null ? null : openByKeystream(text, placeOf(family.id), successor.sealed)
    const next = opened === null ? null : await refreshTokens.find(tokenHash(opened), now)
    if (opened === null || next?.family.id !== family.id || next.family.revokedAt !== null) return null
    text = opened
    token = next.token
  }
  return null
}

function placeOf(familyId: string): string {
  return `refresh-successor:${familyId}`
}
