import type { Sha256, TokenHash } from '@doorward/core/crypto'
import { revokeFamily } from './ending.ts'
import { decodeGrant, encodeGrant } from './json.ts'
import { liveSessions, onLiveSession } from './live.ts'
import { insertFamily, insertRefreshToken } from './minting.ts'
import type { Codes, NewSession, Redemption } from './ports.ts'
import type { AuthorizationCode, PresentedCode } from './records.ts'
import type { Database } from './schema.ts'
import { insertSession, SESSION_COLUMNS, toLiveSession } from './sessions.ts'
import { count, type Runner, row, statement, type Verb } from './statement.ts'
import { toUser, USER_COLUMNS } from './users.ts'

type CodeColumns = Database['codes']

const insertCode = statement((db, v: Omit<CodeColumns, 'consumed_at'>) =>
  db.insertInto('codes').values({
    hash: v.hash,
    client_id: v.client_id,
    user_id: v.user_id,
    sid: v.sid,
    offline: v.offline,
    details: v.details,
    redirect_uri: v.redirect_uri,
    code_challenge: v.code_challenge,
    nonce: v.nonce,
    created_at: v.created_at,
    expires_at: v.expires_at,
    consumed_at: null,
    family_id: v.family_id,
  }),
)

/** Code, user and session of one moment. A session's columns are null where it is not live. */
const selectPresented = statement((db, v: { hash: TokenHash; now: number }) =>
  db
    .selectFrom('codes as c')
    .innerJoin('clients', 'clients.id', 'c.client_id')
    .innerJoin('users as u', 'u.id', 'c.user_id')
    .leftJoin('sessions as s', (join) => join.on(onLiveSession('c.sid', v.now)))
    .select(USER_COLUMNS)
    .select(SESSION_COLUMNS)
    .select([
      'u.generation',
      'c.hash',
      'c.client_id',
      'c.user_id as code_user_id',
      'c.sid as code_sid',
      'c.offline',
      'c.details',
      'c.redirect_uri',
      'c.code_challenge',
      'c.nonce',
      'c.created_at as code_created_at',
      'c.expires_at as code_expires_at',
      'c.consumed_at',
      'c.family_id',
    ])
    .where('c.hash', '=', v.hash),
)

/**
 * The guarded statement that makes a code single-use (RFC 6749 §4.1.2): of callers at the same moment one
 * finds consumed_at null.
 */
const consume = statement((db, v: { hash: TokenHash; familyId: string; now: number }) =>
  db
    .updateTable('codes')
    .set({ consumed_at: v.now, family_id: v.familyId })
    .where('hash', '=', v.hash)
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', v.now)
    .where((eb) =>
      eb.exists(
        liveSessions(db, v.now)
          .select('s.sid')
          .where('s.sid', '=', eb.ref('codes.sid'))
          .where('s.user_id', '=', eb.ref('codes.user_id')),
      ),
    )
    .where((eb) =>
      eb.exists(eb.selectFrom('clients as c').select('c.id').where('c.id', '=', eb.ref('codes.client_id'))),
    ),
)

const selectConsumed = statement((db, v: { hash: TokenHash }) =>
  db.selectFrom('codes').select('family_id').where('hash', '=', v.hash).where('consumed_at', 'is not', null),
)

function* insert(code: AuthorizationCode): Verb<void> {
  yield* count(insertCode, {
    ...encodeGrant(code.grant),
    hash: code.hash,
    redirect_uri: code.redirectUri,
    code_challenge: code.codeChallenge,
    nonce: code.nonce,
    created_at: code.createdAt,
    expires_at: code.expiresAt,
    family_id: code.familyId,
  })
}

function* insertWithSession(session: NewSession, idHash: Sha256, code: AuthorizationCode): Verb<void> {
  yield* insertSession(session, idHash)
  yield* insert(code)
}

function* find(hash: TokenHash, now: number): Verb<PresentedCode | null> {
  const found = yield* row(selectPresented, { hash, now })
  if (found === null) return null
  const { client_id, code_user_id: user_id, code_sid: sid, offline, details } = found
  const code: AuthorizationCode = {
    hash: found.hash,
    grant: decodeGrant({ client_id, user_id, sid, offline, details }),
    redirectUri: found.redirect_uri,
    codeChallenge: found.code_challenge,
    nonce: found.nonce,
    createdAt: found.code_created_at,
    expiresAt: found.code_expires_at,
    consumedAt: found.consumed_at,
    familyId: found.family_id,
  }
  return { code, user: toUser(found), session: toLiveSession(found), generation: found.generation }
}

type Minted = Parameters<Codes['redeem']>[1]

function* redeem(hash: TokenHash, minted: Minted, now: number): Verb<Redemption> {
  const { family, refreshToken, generation } = minted
  const consumed = yield* count(consume, { hash, familyId: family.id, now })
  if (consumed === 1) {
    yield* insertFamily(family, generation)
    if (refreshToken !== null) yield* insertRefreshToken(family.id, refreshToken, now)
    return { kind: 'redeemed' }
  }
  const earlier = yield* row(selectConsumed, { hash })
  if (earlier === null) return { kind: 'dead' }
  // RFC 6749 §4.1.2: a code used twice SHOULD revoke the tokens that its first use minted.
  if (earlier.family_id !== null) yield* revokeFamily(earlier.family_id, now)
  return { kind: 'replayed', familyId: earlier.family_id }
}

function* revokeMinted(hash: TokenHash, now: number): Verb<string | null> {
  const consumed = yield* row(selectConsumed, { hash })
  const familyId = consumed?.family_id ?? null
  if (familyId !== null) yield* revokeFamily(familyId, now)
  return familyId
}

/** `Codes` of the ports over one database. */
export function createCodes(run: Runner): Codes {
  return {
    insert: (code) => run.writeOne(() => insert(code)),
    insertWithSession: (session, idHash, code) => run.write(() => insertWithSession(session, idHash, code)),
    find: (hash, now) => run.read(() => find(hash, now)),
    redeem: (hash, minted, now) => run.write(() => redeem(hash, minted, now)),
    revokeMinted: (hash, now) => run.write(() => revokeMinted(hash, now)),
  }
}
