import { OAuthError, type Reason } from '@doorward/core'
import type { PresentedRefreshToken } from '../storage/records.ts'

/**
 * What a presented refresh token deserves: `rotate` it; `successor`, for it was rotated a moment ago and its
 * client repeats itself; or it was `reused`, and the family has to end.
 */
type RotationVerdict = 'rotate' | 'successor' | 'reused'

type Moment = { readonly graceSeconds: number; readonly now: number }

/**
 * Judges a refresh token that `clientId` presents. The grace counts from the token's own rotation, and never
 * opens anything that has ended. Throws invalid_grant where the token is dead, or another client's, which then
 * loses nothing.
 * @see RFC 9700 §4.14.2
 */
export function decideRotation(
  presented: PresentedRefreshToken,
  clientId: string,
  { graceSeconds, now }: Moment,
): RotationVerdict {
  const { token, family } = presented
  if (family.grant.clientId !== clientId) throw refused('refresh_token_of_other_client')
  const ended = whyEnded(presented, now)
  if (ended !== null) throw refused(ended)
  if (token.rotatedAt !== null) {
    const inGrace = graceSeconds > 0 && now - token.rotatedAt <= graceSeconds
    return inGrace ? 'successor' : 'reused'
  }
  if (token.expiresAt <= now) throw refused('refresh_token_expired')
  return 'rotate'
}

/** True for a refresh token that would be rotated now: what introspection calls active. */
export function isLiveRefreshToken(presented: PresentedRefreshToken, now: number): boolean {
  const { token } = presented
  return token.rotatedAt === null && token.expiresAt > now && whyEnded(presented, now) === null
}

/** What a rotated token that comes again is given: never more than its own rotation was, nor than it asks for. */
export function narrowerScopes(asked: readonly string[], rotated: readonly string[]): readonly string[] {
  const narrower = asked.filter((scope) => rotated.includes(scope))
  if (narrower.length > 0 || asked.length === 0 || rotated.length === 0) return narrower
  throw new OAuthError('invalid_scope', 'This refresh token was rotated for other scopes a moment ago.', {
    reason: 'scope_rotated_otherwise',
  })
}

function whyEnded({ family, user, session }: PresentedRefreshToken, now: number): EndReason | null {
  if (family.revokedAt !== null) return 'refresh_token_revoked'
  if (family.expiresAt <= now) return 'refresh_token_expired'
  if (user.disabledAt !== null) return 'user_disabled'
  if (!family.grant.offline && session === null) return 'session_ended'
  return null
}

const DESCRIPTIONS = {
  refresh_token_of_other_client: 'The refresh token was issued to another client.',
  refresh_token_revoked: 'The refresh token has been revoked.',
  refresh_token_expired: 'The refresh token has expired.',
  user_disabled: 'The account of the refresh token is disabled.',
  session_ended: 'The session of the refresh token has ended.',
} as const satisfies Partial<Record<Reason, string>>

type EndReason = keyof typeof DESCRIPTIONS

function refused(reason: EndReason): OAuthError {
  return new OAuthError('invalid_grant', DESCRIPTIONS[reason], { reason })
}
