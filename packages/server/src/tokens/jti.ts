import { randomToken } from '@doorward/core/crypto'
import { newTimedToken } from './timed.ts'

/** A new id for a family: the time of its making, whose second is `now`, then 72 random bits. */
export function newFamilyId(now: number): string {
  return newTimedToken(now, 9)
}

/** The jti of a family's access token: it names the family, so that no row per access token is stored. */
export function familyJti(familyId: string): string {
  return `${familyId}.${randomToken(9)}`
}

/** The jti of a client's own access token: without a dot, as it has no family. */
export function clientJti(): string {
  return randomToken(16)
}

/** The family that a jti names, or null for a client's own token. */
export function familyOf(jti: string): string | null {
  const dot = jti.indexOf('.')
  return dot === -1 ? null : jti.slice(0, dot)
}
