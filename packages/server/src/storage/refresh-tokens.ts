import type { TokenHash } from '@doorward/core/crypto'
import { toFamily } from './families.ts'
import { decodeStrings, encodeJson } from './json.ts'
import { liveFamilies, onLiveSession } from './live.ts'
import { insertRefreshToken } from './minting.ts'
import type { RefreshTokens } from './ports.ts'
import type { PresentedRefreshToken, RefreshToken } from './records.ts'
import { SESSION_COLUMNS, toLiveSession, touchDue, touchSession } from './sessions.ts'
import { count, type Runner, row, statement, type Verb } from './statement.ts'
import { toUser, USER_COLUMNS } from './users.ts'

/** Token, family, user and session of one moment. A session's columns are null where it is not live. */
const selectPresented = statement((db, v: { hash: TokenHash; now: number }) =>
  db
    .selectFrom('refresh_tokens as t')
    .innerJoin('families as f', 'f.id', 't.family_id')
    .innerJoin('users as u', 'u.id', 'f.user_id')
    .innerJoin('clients as c', 'c.id', 'f.client_id')
    .leftJoin('sessions as s', (join) => join.on(onLiveSession('f.sid', v.now)))
    .select(USER_COLUMNS)
    .select(SESSION_COLUMNS)
    .select([
      'u.generation as user_generation',
      't.hash',
      't.created_at as token_created_at',
      't.expires_at as token_expires_at',
      't.rotated_at',
      't.successor_sealed',
      't.successor_scopes',
      'f.id as family_id',
      'f.client_id',
      'f.user_id as family_user_id',
      'f.sid as family_sid',
      'f.offline',
      'f.details',
      'f.generation as family_generation',
      'f.created_at as family_created_at',
      'f.expires_at as family_expires_at',
      'f.revoked_at',
    ])
    .where('t.hash', '=', v.hash),
)

type RotationValues = { hash: TokenHash; familyId: string; sealed: string; scopes: string; now: number }
/**
 * The guarded statement that makes a refresh token rotate once: of callers at the same moment one finds
 * rotated_at null.
 */
const updateRotated = statement((db, v: RotationValues) =>
  db
    .updateTable('refresh_tokens')
    .set({ rotated_at: v.now, successor_sealed: v.sealed, successor_scopes: v.scopes })
    .where('hash', '=', v.hash)
    .where('rotated_at', 'is', null)
    .where('expires_at', '>', v.now)
    .where('family_id', '=', v.familyId)
    .where((eb) => eb.exists(liveFamilies(db, v.now).select('f.id').where('f.id', '=', v.familyId))),
)

type TokenColumns = {
  readonly hash: TokenHash
  readonly family_id: string
  readonly token_created_at: number
  readonly token_expires_at: number
  readonly rotated_at: number | null
  readonly successor_sealed: string | null
  readonly successor_scopes: string | null
}

function toRefreshToken(columns: TokenColumns): RefreshToken {
  const { successor_sealed: sealed, successor_scopes: scopes } = columns
  return {
    hash: columns.hash,
    familyId: columns.family_id,
    createdAt: columns.token_created_at,
    expiresAt: columns.token_expires_at,
    rotatedAt: columns.rotated_at,
    successor: sealed === null || scopes === null ? null : { sealed, scopes: decodeStrings(scopes) },
  }
}

function* find(hash: TokenHash, now: number): Verb<PresentedRefreshToken | null> {
  const found = yield* row(selectPresented, { hash, now })
  if (found === null) return null
  const family = toFamily(
    {
      id: found.family_id,
      client_id: found.client_id,
      user_id: found.family_user_id,
      sid: found.family_sid,
      offline: found.offline,
      details: found.details,
      generation: found.family_generation,
      created_at: found.family_created_at,
      expires_at: found.family_expires_at,
      revoked_at: found.revoked_at,
    },
    { generation: found.user_generation, updatedAt: found.updated_at },
  )
  return { token: toRefreshToken(found), family, user: toUser(found), session: toLiveSession(found) }
}

type Rotation = Parameters<RefreshTokens['rotate']>

function* rotate(...[{ hash, familyId }, next, now]: Rotation): Verb<boolean> {
  const rotated = yield* count(updateRotated, {
    hash,
    familyId,
    sealed: next.successor.sealed,
    scopes: encodeJson(next.successor.scopes),
    now,
  })
  if (rotated === 0) return false
  yield* insertRefreshToken(familyId, next.token, now)
  const { session } = next
  if (session !== null && session.lastSeenAt <= touchDue(now)) {
    yield* touchSession(session.sid, session.idleExpiresAt, now)
  }
  return true
}

/** `RefreshTokens` of the ports over one database. */
export function createRefreshTokens(run: Runner): RefreshTokens {
  return {
    find: (hash, now) => run.read(() => find(hash, now)),
    rotate: (token, next, now) => run.write(() => rotate(token, next, now)),
  }
}
