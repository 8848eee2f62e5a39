import type { Sha256, TokenHash } from '@doorward/core/crypto'
import { revokeFamily } from './ending.ts'
import { decodeGrant, encodeGrant } from './json.ts'
import { liveSessions, NO_GENERATION } from './live.ts'
import { insertFamily, insertRefreshToken } from './minting.ts'
import type { Codes, NewSession, Redemption, RefreshTokenSeed } from './ports.ts'
import type { AuthorizationCode, Family } from './records.ts'
import type { Database } from './schema.ts'
import { insertSession } from './sessions.ts'
import { count, type Runner, row, statement, type Verb } from './statement.ts'

type CodeColumns = Database['codes']

const insertCode = statement((db, v: Omit<CodeColumns, 'consumed_at' | 'family_id'>) =>
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
    family_id: null,
  }),
)

const selectCode = statement((db, v: { hash: TokenHash }) =>
  db
    .selectFrom('codes')
    .innerJoin('clients', 'clients.id', 'codes.client_id')
    .innerJoin('users', 'users.id', 'codes.user_id')
    .select([
      'codes.hash',
      'codes.client_id',
      'codes.user_id',
      'codes.sid',
      'codes.offline',
      'codes.details',
      'codes.redirect_uri',
      'codes.code_challenge',
      'codes.nonce',
      'codes.created_at',
      'codes.expires_at',
      'codes.consumed_at',
      'codes.family_id',
    ])
    .where('codes.hash', '=', v.hash),
)

/**
 * The guarded statement that makes a code single-use (RFC 6749 §4.1.2): of callers at the same moment one
 * finds consumed_at null. The family takes the generation of the session as it is in this same statement.
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
    )
    .returning((eb) =>
      eb
        .selectFrom('sessions as s')
        .select('s.generation')
        .where('s.sid', '=', eb.ref('codes.sid'))
        .as('generation'),
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
  })
}

function* insertWithSession(session: NewSession, idHash: Sha256, code: AuthorizationCode): Verb<void> {
  yield* insertSession(session, idHash)
  yield* insert(code)
}

function* find(hash: TokenHash): Verb<AuthorizationCode | null> {
  const found = yield* row(selectCode, { hash })
  if (found === null) return null
  return {
    hash: found.hash,
    grant: decodeGrant(found),
    redirectUri: found.redirect_uri,
    codeChallenge: found.code_challenge,
    nonce: found.nonce,
    createdAt: found.created_at,
    expiresAt: found.expires_at,
    consumedAt: found.consumed_at,
    familyId: found.family_id,
  }
}

type Minted = { readonly family: Family; readonly refreshToken: RefreshTokenSeed | null }

function* redeem(hash: TokenHash, minted: Minted, now: number): Verb<Redemption> {
  const { family, refreshToken } = minted
  const consumed = yield* row(consume, { hash, familyId: family.id, now })
  if (consumed !== null) {
    yield* insertFamily(family, consumed.generation ?? NO_GENERATION)
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
    find: (hash) => run.read(() => find(hash)),
    redeem: (hash, minted, now) => run.write(() => redeem(hash, minted, now)),
    revokeMinted: (hash, now) => run.write(() => revokeMinted(hash, now)),
  }
}
