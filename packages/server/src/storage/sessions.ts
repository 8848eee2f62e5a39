import { type Sha256, sha256 } from '@doorward/core/crypto'
import { endSession } from './ending.ts'
import { decodeStrings, encodeJson } from './json.ts'
import { liveSessions, NO_GENERATION } from './live.ts'
import type { NewSession, Renewal, Sessions } from './ports.ts'
import type { Session, User } from './records.ts'
import { count, type Runner, row, rows, statement, type Verb } from './statement.ts'
import { toUser, USER_COLUMNS, type UserColumns } from './users.ts'

type SessionColumns = {
  readonly sid: string
  readonly user_id: string
  readonly auth_time: number
  readonly acr: string
  readonly amr: string
  readonly session_created_at: number
  readonly last_seen_at: number
  readonly idle_expires_at: number
  readonly session_expires_at: number
}

/** Every column of a session that a record has, under names that a join with users leaves alone. */
export const SESSION_COLUMNS = [
  's.sid',
  's.user_id',
  's.auth_time',
  's.acr',
  's.amr',
  's.created_at as session_created_at',
  's.last_seen_at',
  's.idle_expires_at',
  's.expires_at as session_expires_at',
] as const

/** Activity is written at most this often. */
const TOUCH_SECONDS = 60

/** Cookie ids per statement: as many as a browser's cookie holds. */
const AT_ONCE = 5

/** The hash of no cookie id at all: fills a statement of fewer. */
const NO_ID = sha256('')

/** A session from its columns. */
function toSession(columns: SessionColumns): Session {
  return {
    sid: columns.sid,
    userId: columns.user_id,
    authTime: columns.auth_time,
    acr: columns.acr,
    amr: decodeStrings(columns.amr),
    createdAt: columns.session_created_at,
    lastSeenAt: columns.last_seen_at,
    idleExpiresAt: columns.idle_expires_at,
    expiresAt: columns.session_expires_at,
  }
}

type MaybeSession = {
  readonly [Name in keyof SessionColumns]: SessionColumns[Name] | null
}

/** The session of a left join, whose columns are all null where there is none. */
export function toLiveSession(columns: MaybeSession): Session | null {
  const { sid, user_id, auth_time, acr, amr } = columns
  const { session_created_at, last_seen_at, idle_expires_at, session_expires_at } = columns
  if (sid === null || user_id === null || auth_time === null || acr === null || amr === null) return null
  if (session_created_at === null || last_seen_at === null) return null
  if (idle_expires_at === null || session_expires_at === null) return null
  return toSession({
    sid,
    user_id,
    auth_time,
    acr,
    amr,
    session_created_at,
    last_seen_at,
    idle_expires_at,
    session_expires_at,
  })
}

type SessionValues = Omit<SessionColumns, 'session_created_at' | 'session_expires_at'> & {
  readonly id_hash: Sha256
  readonly created_at: number
  readonly expires_at: number
  readonly generation: number
}

const selectGeneration = statement((db, v: { userId: string }) =>
  db.selectFrom('users').select('generation').where('id', '=', v.userId),
)
const insertSessionRow = statement((db, v: SessionValues) =>
  db.insertInto('sessions').values({
    sid: v.sid,
    id_hash: v.id_hash,
    user_id: v.user_id,
    generation: v.generation,
    auth_time: v.auth_time,
    acr: v.acr,
    amr: v.amr,
    created_at: v.created_at,
    last_seen_at: v.last_seen_at,
    idle_expires_at: v.idle_expires_at,
    expires_at: v.expires_at,
  }),
)

const selectById = statement((db, v: { now: number; id: Sha256 }) =>
  liveSessions(db, v.now)
    .select(SESSION_COLUMNS)
    .select(USER_COLUMNS)
    .select('s.id_hash')
    .where('s.id_hash', '=', v.id),
)
const selectByIds = statement(
  (db, v: { now: number; a: Sha256; b: Sha256; c: Sha256; d: Sha256; e: Sha256 }) =>
    liveSessions(db, v.now)
      .select(SESSION_COLUMNS)
      .select(USER_COLUMNS)
      .select('s.id_hash')
      .where('s.id_hash', 'in', [v.a, v.b, v.c, v.d, v.e]),
)

type RenewalValues = {
  sid: string
  idHash: Sha256
  authTime: number
  acr: string
  amr: string
  idleExpiresAt: number
  expiresAt: number
  now: number
}
const updateRenewed = statement((db, v: RenewalValues) =>
  db
    .updateTable('sessions')
    .set({
      id_hash: v.idHash,
      auth_time: v.authTime,
      acr: v.acr,
      amr: v.amr,
      last_seen_at: v.now,
      idle_expires_at: v.idleExpiresAt,
      expires_at: v.expiresAt,
    })
    .where('sid', '=', v.sid)
    .where((eb) => eb.exists(liveSessions(db, v.now).select('s.sid').where('s.sid', '=', v.sid)))
    .returning([
      'sid',
      'user_id',
      'auth_time',
      'acr',
      'amr',
      'created_at as session_created_at',
      'last_seen_at',
      'idle_expires_at',
      'expires_at as session_expires_at',
    ]),
)

const selectDue = statement((db, v: { sid: string; due: number }) =>
  db.selectFrom('sessions').select('sid').where('sid', '=', v.sid).where('last_seen_at', '<=', v.due),
)
/** Never past the absolute end, and never a session that is over. */
const updateSeen = statement((db, v: { sid: string; idleExpiresAt: number; now: number; due: number }) =>
  db
    .updateTable('sessions')
    .set((eb) => ({
      last_seen_at: v.now,
      idle_expires_at: eb
        .case()
        .when('expires_at', '<', v.idleExpiresAt)
        .then(eb.ref('expires_at'))
        .else(v.idleExpiresAt)
        .end(),
    }))
    .where('sid', '=', v.sid)
    .where('last_seen_at', '<=', v.due)
    .where('idle_expires_at', '>', v.now),
)

/** The user's generation as it is now; of a user who is gone, one that nobody has. */
function* generationOf(userId: string): Verb<number> {
  return (yield* row(selectGeneration, { userId }))?.generation ?? NO_GENERATION
}

/** Stores a session and answers its generation; that of a user who is gone, or has outgrown it, is stored dead. */
export function* insertSession(session: NewSession, idHash: Sha256): Verb<number> {
  const generation = session.generation ?? (yield* generationOf(session.userId))
  yield* count(insertSessionRow, {
    sid: session.sid,
    id_hash: idHash,
    user_id: session.userId,
    auth_time: session.authTime,
    acr: session.acr,
    amr: encodeJson(session.amr),
    created_at: session.createdAt,
    last_seen_at: session.lastSeenAt,
    idle_expires_at: Math.min(session.idleExpiresAt, session.expiresAt),
    expires_at: session.expiresAt,
    generation,
  })
  return generation
}

function* insert(session: NewSession, idHash: Sha256): Verb<void> {
  yield* insertSession(session, idHash)
}

/** Moves a session's idle end on, at most once a minute. */
export function* touchSession(sid: string, idleExpiresAt: number, now: number): Verb<void> {
  yield* count(updateSeen, { sid, idleExpiresAt, now, due: now - TOUCH_SECONDS })
}

/** The last moment of activity that is old enough to be written anew. */
export const touchDue = (now: number): number => now - TOUCH_SECONDS

type Found = SessionColumns & UserColumns
const toFound = (columns: Found): { session: Session; user: User } => ({
  session: toSession(columns),
  user: toUser(columns),
})

function* findLive(
  idHashes: readonly Sha256[],
  now: number,
): Verb<Awaited<ReturnType<Sessions['findLive']>>> {
  const [only] = idHashes
  // Nearly every browser holds one, and SQLite sorts the list of several first.
  if (idHashes.length === 1 && only !== undefined) {
    return (yield* rows(selectById, { now, id: only })).map((item) => ({ ...toFound(item), idHash: only }))
  }
  const found = new Map<string, { session: Session; user: User; idHash: Sha256 }>()
  for (let at = 0; at < idHashes.length; at += AT_ONCE) {
    const [a = NO_ID, b = NO_ID, c = NO_ID, d = NO_ID, e = NO_ID] = idHashes.slice(at, at + AT_ONCE)
    for (const item of yield* rows(selectByIds, { now, a, b, c, d, e })) {
      found.set(item.id_hash, { ...toFound(item), idHash: item.id_hash })
    }
  }
  return idHashes.flatMap((idHash) => found.get(idHash) ?? [])
}

function* renew(sid: string, renewal: Renewal, now: number): Verb<Session | null> {
  const renewed = yield* row(updateRenewed, {
    sid,
    idHash: renewal.idHash,
    authTime: renewal.authTime,
    acr: renewal.acr,
    amr: encodeJson(renewal.amr),
    idleExpiresAt: Math.min(renewal.idleExpiresAt, renewal.expiresAt),
    expiresAt: renewal.expiresAt,
    now,
  })
  return renewed === null ? null : toSession(renewed)
}

function* isDue(sid: string, now: number): Verb<boolean> {
  return (yield* row(selectDue, { sid, due: touchDue(now) })) !== null
}

/** `Sessions` of the ports over one database. */
export function createSessions(run: Runner): Sessions {
  return {
    insert: (session, idHash) =>
      session.generation === undefined
        ? run.write(() => insert(session, idHash))
        : run.writeOne(() => insert(session, idHash)),
    findLive: (idHashes, now) => run.read(() => findLive(idHashes, now)),
    renew: (sid, renewal, now) => run.writeOne(() => renew(sid, renewal, now)),
    touch: async (sid, idleExpiresAt, now) => {
      // Called on every request: one that has nothing to write takes no place in a transaction.
      if (await run.read(() => isDue(sid, now)))
        await run.writeOne(() => touchSession(sid, idleExpiresAt, now))
    },
    end: (sid, now) => run.write(() => endSession(sid, now)),
  }
}
