import { type CookieJar, parseCookies } from '@doorward/core'
import { timedToken, tokenHash } from '@doorward/core/crypto'
import type { TokenSet } from '../exchange/token-set.ts'
import type { ClientStore, SessionRecord, VaultRow } from '../ports.ts'
import type { Sealer } from '../vault/seal.ts'
import {
  type EndedSession,
  type Lifetimes,
  type NewSession,
  SESSION_COOKIE,
  type Session,
  type SessionKeeper,
  type User,
} from './session.ts'

/** What stored sessions need. */
export type StoredSessionDeps = {
  readonly store: Pick<ClientStore, 'sessions'>
  readonly jar: CookieJar
  readonly sealer: Pick<Sealer, 'seal' | 'open'>
  readonly lifetimes: Lifetimes
}

/** Activity is noted once a minute, not with every request; four times within the idle time at least. */
const touchSeconds = ({ idle }: Lifetimes): number => Math.min(60, idle / 4)

/** Sessions in the store; the cookie holds a random id, of which the store has the hash alone. */
export function storedSessions(deps: StoredSessionDeps): SessionKeeper {
  const { store, jar, sealer, lifetimes } = deps
  const find = async (idHash: string | null, now: number): Promise<SessionRecord | null> =>
    idHash === null ? null : store.sessions.find(idHash, now)
  const endOne = async (ref: string, provider: string): Promise<TokenSet | null> => {
    const row = await store.sessions.delete(ref)
    return row === null ? null : (tokensFor(provider, row, sealer)[0] ?? null)
  }
  return {
    open: async (fresh, cookieHeader, now) => {
      const cookies = await begin(fresh, now, deps)
      const before = idHashIn(cookieHeader, jar)
      if (before !== null) await store.sessions.delete(before)
      return cookies
    },
    find: async (cookieHeader, now) => {
      const record = await find(idHashIn(cookieHeader, jar), now)
      if (record === null) return null
      if (now >= record.seenAt + touchSeconds(lifetimes)) {
        await store.sessions.touch(record.idHash, now, Math.min(now + lifetimes.idle, record.expiresAt))
      }
      return sessionOf(record)
    },
    end: async (cookieHeader, now): Promise<EndedSession> => {
      const record = await find(idHashIn(cookieHeader, jar), now)
      return {
        session: record === null ? null : sessionOf(record),
        tokens: record === null ? null : await endOne(record.idHash, record.provider),
        cookies: [jar.serialize(SESSION_COOKIE, '', 0)],
      }
    },
    endOne,
    endAll: async (provider, subject) => {
      const rows = await store.sessions.deleteForSubject(provider, subject)
      return rows.flatMap((row) => tokensFor(provider, row, sealer))
    },
  }
}

function idHashIn(cookieHeader: string | null, jar: CookieJar): string | null {
  const id = parseCookies(cookieHeader).get(jar.name(SESSION_COOKIE))
  return id === undefined || id === '' ? null : tokenHash(id)
}

/** The provider is the sealed one: whoever can write to the database could have the tokens sent to another. */
function tokensFor(provider: string, row: VaultRow, sealer: Pick<Sealer, 'open'>): readonly TokenSet[] {
  const opened = sealer.open(row)
  return opened?.provider === provider ? [opened.tokens] : []
}

async function begin(
  fresh: NewSession,
  now: number,
  { store, jar, sealer, lifetimes }: StoredSessionDeps,
): Promise<readonly string[]> {
  const id = timedToken(now)
  const record = recordOf(fresh, { idHash: tokenHash(id), now, lifetimes })
  const { tokens, user } = fresh
  const row = sealer.seal(record.idHash, { provider: user.provider, tokens }, record.expiresAt)
  await store.sessions.insert(record, row)
  return [jar.serialize(SESSION_COOKIE, id, lifetimes.absolute)]
}

type RecordTerms = { readonly idHash: string; readonly now: number; readonly lifetimes: Lifetimes }

function recordOf(
  { user, userId, upstreamSid }: NewSession,
  { idHash, now, lifetimes }: RecordTerms,
): SessionRecord {
  const expiresAt = now + lifetimes.absolute
  return {
    idHash,
    provider: user.provider,
    subject: user.subject,
    upstreamSid,
    userId,
    user: JSON.stringify(user),
    createdAt: now,
    seenAt: now,
    idleUntil: Math.min(now + lifetimes.idle, expiresAt),
    expiresAt,
  }
}

function sessionOf({ idHash, user, userId, createdAt, expiresAt }: SessionRecord): Session {
  return { ref: idHash, user: parseUser(user), userId, createdAt, expiresAt }
}

/** Written by us alone. */
function parseUser(text: string): User {
  return JSON.parse(text)
}
