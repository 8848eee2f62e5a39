import type { Config } from '../config/schema.ts'
import type { Resource } from '../storage/records.ts'

/** Seconds a logout token lives: two minutes at most are advised (Back-Channel Logout §4). */
export const LOGOUT_TOKEN_SECONDS = 120

/** Seconds an access token for this audience lives; the issuer's own have no resource record. */
export function accessTokenLifetime(resource: Resource | null, config: Config): number {
  return resource?.accessTokenLifetime ?? config.accessToken.lifetimeSeconds
}

type FamilyTerm = {
  /** True for clients that get refresh tokens. */
  readonly refreshes: boolean
  readonly offline: boolean
  /** When the session ends at the latest. */
  readonly sessionExpiresAt: number
  readonly accessTokenLifetime: number
}

/**
 * When a family ends at the latest: with offline_access a year after the authorization; without, with its
 * session; and where there is nothing to refresh, with its one access token.
 */
export function familyExpiresAt(term: FamilyTerm, config: Config, now: number): number {
  if (!term.refreshes) return Math.min(now + term.accessTokenLifetime, term.sessionExpiresAt)
  const absolute = now + config.refresh.absoluteSeconds
  return term.offline ? absolute : Math.min(absolute, term.sessionExpiresAt)
}

/** When an access token ends: never after its family, which would leave a token that looks live and is not. */
export function accessTokenExpiresAt(lifetime: number, familyEnd: number, now: number): number {
  return Math.min(now + lifetime, familyEnd)
}

/** When a refresh token ends if nobody uses it. */
export function refreshTokenExpiresAt(familyEnd: number, config: Config, now: number): number {
  return Math.min(now + config.refresh.idleSeconds, familyEnd)
}

/** The idle end of a session that is used now; sessions without refresh get it from their pages. */
export function sessionIdleExpiresAt(sessionExpiresAt: number, config: Config, now: number): number {
  return Math.min(now + config.session.idleSeconds, sessionExpiresAt)
}
