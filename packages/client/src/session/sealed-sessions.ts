import { type CookieJar, parseCookies } from '@doorward/core'
import { openAesGcm, randomToken, sealAesGcm, tokenHash } from '@doorward/core/crypto'
import { ClientError } from '../errors.ts'
import { type Lifetimes, SESSION_COOKIE, type Session, type SessionKeeper } from './session.ts'

/** What sealed sessions need. */
export type SealedSessionDeps = {
  readonly jar: CookieJar
  /** The first seals, all open. */
  readonly keys: readonly [Uint8Array, ...Uint8Array[]]
  readonly lifetimes: Pick<Lifetimes, 'absolute'>
}

/** Browsers drop a cookie whose name and value are larger (RFC 6265bis §5.6), without a word. */
const MAX_BYTES = 4096
const AAD = 'doorward client session'

/**
 * Sessions for apps without a database: all of it in the cookie, sealed. Nothing is kept here, so that such a session
 * holds no tokens, cannot be ended from afar, and lives for a fixed time: were it prolonged with each answer, a late
 * answer would bring back one that was just ended.
 */
export function sealedSessions({ jar, keys, lifetimes }: SealedSessionDeps): SessionKeeper {
  const find = (cookieHeader: string | null, now: number): Session | null => {
    const sealed = parseCookies(cookieHeader).get(jar.name(SESSION_COOKIE)) ?? ''
    const opened = keys.map((key) => openAesGcm(key, sealed, AAD)).find((text) => text !== null)
    const session = opened === undefined ? null : parseSession(opened)
    return session !== null && now < session.expiresAt ? session : null
  }
  const gone = (): readonly string[] => [jar.serialize(SESSION_COOKIE, '', 0)]
  return {
    open: async ({ user, userId }, _cookieHeader, now) => {
      const ref = tokenHash(randomToken())
      const session: Session = { ref, user, userId, createdAt: now, expiresAt: now + lifetimes.absolute }
      const value = sealAesGcm(keys[0], JSON.stringify(session), AAD)
      const bytes = jar.name(SESSION_COOKIE).length + value.length
      if (bytes > MAX_BYTES) {
        const detail = `It would have ${bytes} bytes; browsers keep ${MAX_BYTES}.`
        throw new ClientError('session_too_large', { provider: user.provider, detail })
      }
      return [jar.serialize(SESSION_COOKIE, value, lifetimes.absolute)]
    },
    find: async (cookieHeader, now) => find(cookieHeader, now),
    end: async (cookieHeader, now) => ({ session: find(cookieHeader, now), tokens: null, cookies: gone() }),
    endOne: notKept,
    endAll: notKept,
  }
}

async function notKept(): Promise<never> {
  throw new ClientError('sessions_not_kept')
}

/** Sealed by us, so it has the shape that we gave it. */
function parseSession(text: string): Session {
  return JSON.parse(text)
}
