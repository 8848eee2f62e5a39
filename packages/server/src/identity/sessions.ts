import type { CookieJar } from '@doorward/core'
import { randomToken, sha256 } from '@doorward/core/crypto'
import type { Config, Deps } from '../deps.ts'
import type { Inbound } from '../http/inbound.ts'
import { sessionIdleExpiresAt } from '../policy/lifetimes.ts'
import type { NewSession, ProvenUser } from '../storage/ports.ts'
import type { Authentication, Session, User } from '../storage/records.ts'

const COOKIE = 'dw-session'
const COOKIE_ID = /^[A-Za-z0-9_-]{43}$/

/** How many accounts can be signed in at once in one browser. */
const MAX_ACCOUNTS = 5

/** A live session of this browser, its person, and the secret id in the cookie. */
export type BrowserSession = { readonly session: Session; readonly user: User; readonly cookieId: string }

/** What opening and reading sessions uses. */
export type SessionDeps = Pick<Deps, 'config' | 'storage' | 'audit' | 'clock'> & { readonly jar: CookieJar }

/** What a sign-in left behind: the session, and the cookie that opens it. */
type OpenedSession = { readonly session: Session; readonly setCookie: string }

/** How a password sign-in is described in tokens (OpenID Connect Core §2: `acr`, `amr` by RFC 8176). */
export function passwordAuthentication(now: number): Authentication {
  return { authTime: now, acr: 'aal1', amr: ['pwd'] }
}

/** A new session of a person, with its limits from the settings; not stored yet. */
export function newSession(
  { user, generation }: ProvenUser,
  authentication: Authentication,
  config: Config,
  now: number,
): NewSession {
  return {
    sid: randomToken(16),
    userId: user.id,
    generation,
    ...authentication,
    createdAt: now,
    lastSeenAt: now,
    ...limitsFrom(config, now),
  }
}

/** The live sessions behind the browser's cookie, the active one first. */
export async function browserSessions(
  inbound: Inbound,
  deps: SessionDeps,
): Promise<readonly BrowserSession[]> {
  const ids = cookieIds(inbound, deps.jar)
  if (ids.length === 0) return []
  const byHash = new Map(ids.map((id) => [sha256(id), id]))
  const live = await deps.storage.sessions.findLive([...byHash.keys()], deps.clock())
  return live.map(({ session, user, idHash }) => ({ session, user, cookieId: byHash.get(idHash) ?? '' }))
}

/** True where the browser sent a session cookie at all; it may be of a dead session. */
export function hasSessionCookie(inbound: Inbound, jar: CookieJar): boolean {
  return inbound.cookies.has(jar.name(COOKIE))
}

/**
 * Opens a session for a person who has just proved who they are: their own in this browser is renewed, with
 * its `sid`; somebody else's stays beside it. The cookie's id is new in either case, so that an id planted
 * before the sign-in is worth nothing after it (session fixation).
 */
export async function openSession(
  inbound: Inbound,
  proven: ProvenUser,
  authentication: Authentication,
  deps: SessionDeps,
): Promise<OpenedSession> {
  const { user } = proven
  const now = deps.clock()
  const present = await browserSessions(inbound, deps)
  const own = present.find((each) => each.user.id === user.id)
  const cookieId = randomToken(32)
  const renewed =
    own === undefined
      ? null
      : await deps.storage.sessions.renew(
          own.session.sid,
          { idHash: sha256(cookieId), ...authentication, ...limitsFrom(deps.config, now) },
          now,
        )
  const session = renewed ?? newSession(proven, authentication, deps.config, now)
  if (renewed === null) await deps.storage.sessions.insert(session, sha256(cookieId))
  deps.audit.record({
    event: renewed === null ? 'session.started' : 'session.renewed',
    userId: user.id,
    sid: session.sid,
    ip: inbound.ip,
    reference: inbound.reference,
  })
  const others = present.filter((each) => each !== own)
  // One that no cookie holds any more could not be signed out of.
  for (const dropped of others.slice(MAX_ACCOUNTS - 1)) await endSession(inbound, dropped, present, deps)
  const kept = others.slice(0, MAX_ACCOUNTS - 1).map((each) => each.cookieId)
  return { session, setCookie: sessionCookie([cookieId, ...kept], deps.jar) }
}

/** The cookie in which the session `sid` is the active one. */
export function activateSession(sid: string, sessions: readonly BrowserSession[], jar: CookieJar): string {
  const first = sessions.filter(({ session }) => session.sid === sid)
  const rest = sessions.filter(({ session }) => session.sid !== sid)
  return sessionCookie(
    [...first, ...rest].map(({ cookieId }) => cookieId),
    jar,
  )
}

/** Ends a session and answers the cookie without it. */
export async function endSession(
  inbound: Inbound,
  ended: BrowserSession,
  sessions: readonly BrowserSession[],
  deps: SessionDeps,
): Promise<string> {
  if (await deps.storage.sessions.end(ended.session.sid, deps.clock())) {
    deps.audit.record({
      event: 'session.ended',
      userId: ended.user.id,
      sid: ended.session.sid,
      ip: inbound.ip,
      reference: inbound.reference,
    })
  }
  const rest = sessions.filter(({ session }) => session.sid !== ended.session.sid)
  return sessionCookie(
    rest.map(({ cookieId }) => cookieId),
    deps.jar,
  )
}

/** Marks a session as used, at most once a minute: its idle limit moves on, never past its end. */
export async function touchSession(session: Session, deps: SessionDeps): Promise<void> {
  const now = deps.clock()
  if (now - session.lastSeenAt < 60) return
  const idleExpiresAt = sessionIdleExpiresAt(session.expiresAt, deps.config, now)
  await deps.storage.sessions.touch(session.sid, idleExpiresAt, now)
}

function limitsFrom(
  config: Config,
  now: number,
): { readonly idleExpiresAt: number; readonly expiresAt: number } {
  const expiresAt = now + config.session.absoluteSeconds
  return { idleExpiresAt: sessionIdleExpiresAt(expiresAt, config, now), expiresAt }
}

function cookieIds(inbound: Inbound, jar: CookieJar): readonly string[] {
  const value = inbound.cookies.get(jar.name(COOKIE)) ?? ''
  const ids = value.split('.').filter((id) => COOKIE_ID.test(id))
  return [...new Set(ids)].slice(0, MAX_ACCOUNTS)
}

function sessionCookie(ids: readonly string[], jar: CookieJar): string {
  if (ids.length === 0) return jar.serialize(COOKIE, '', 0)
  return jar.serialize(COOKIE, ids.join('.'))
}
