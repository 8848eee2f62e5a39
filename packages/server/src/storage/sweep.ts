import { OUTBOX_RETENTION_SECONDS } from './outbox.ts'
import { count, type Runner, statement, type Verb } from './statement.ts'
import { sweepRemovedClients } from './sweep-clients.ts'
import { sweepFamilies, sweepRefreshTokens, sweepSessions } from './sweep-grants.ts'

/** A code stays this long after its expiry, so that a late replay of it is still seen (RFC 6749 §4.1.2). */
const CODE_RETENTION_SECONDS = 86_400

type Batch = { readonly before: number; readonly batch: number }

const oldCodes = statement((db, v: Batch) =>
  db
    .deleteFrom('codes')
    .where(
      'hash',
      'in',
      db
        .selectFrom('codes')
        .select('hash')
        .where('expires_at', '<=', v.before)
        .orderBy('expires_at')
        .limit(v.batch),
    )
    .returning('hash'),
)
const oldRevokedAccessTokens = statement((db, v: Batch) =>
  db
    .deleteFrom('revoked_access_tokens')
    .where(
      'jti',
      'in',
      db
        .selectFrom('revoked_access_tokens')
        .select('jti')
        .where('expires_at', '<=', v.before)
        .orderBy('expires_at')
        .limit(v.batch),
    )
    .returning('jti'),
)
const oldSigningKeys = statement((db, v: Batch) =>
  db
    .deleteFrom('signing_keys')
    .where(
      'kid',
      'in',
      db
        .selectFrom('signing_keys')
        .select('kid')
        .where('gone_at', '<=', v.before)
        .orderBy('gone_at')
        .limit(v.batch),
    )
    .returning('kid'),
)
const oldReplays = statement((db, v: Batch) =>
  db
    .deleteFrom('replays')
    .where(
      'key_hash',
      'in',
      db
        .selectFrom('replays')
        .select('key_hash')
        .where('expires_at', '<=', v.before)
        .orderBy('expires_at')
        .limit(v.batch),
    )
    .returning('key_hash'),
)
const oldLimits = statement((db, v: Batch) =>
  db
    .deleteFrom('limits')
    .where(
      'key_hash',
      'in',
      db
        .selectFrom('limits')
        .select('key_hash')
        .where('resets_at', '<=', v.before)
        .orderBy('resets_at')
        .limit(v.batch),
    )
    .returning('key_hash'),
)
const oldKeptRequests = statement((db, v: Batch) =>
  db
    .deleteFrom('kept_requests')
    .where(
      'hash',
      'in',
      db
        .selectFrom('kept_requests')
        .select('hash')
        .where('expires_at', '<=', v.before)
        .orderBy('expires_at')
        .limit(v.batch),
    )
    .returning('hash'),
)
const oldLogoutDeliveries = statement((db, v: Batch) =>
  db
    .deleteFrom('logout_deliveries')
    .where(
      'id',
      'in',
      db
        .selectFrom('logout_deliveries')
        .select('id')
        .where('expires_at', '<=', v.before)
        .orderBy('expires_at')
        .limit(v.batch),
    )
    .returning('id'),
)
const oldOutbox = statement((db, v: Batch) =>
  db
    .deleteFrom('outbox')
    .where(
      'id',
      'in',
      db
        .selectFrom('outbox')
        .select('id')
        .where('created_at', '<=', v.before)
        .orderBy('created_at')
        .limit(v.batch),
    )
    .returning('id'),
)

/** What leaves by time alone, and how long after its time. */
const BY_TIME = [
  { statement: oldCodes, after: CODE_RETENTION_SECONDS },
  { statement: oldRevokedAccessTokens, after: 0 },
  { statement: oldSigningKeys, after: 0 },
  { statement: oldReplays, after: 0 },
  { statement: oldLimits, after: 0 },
  { statement: oldKeptRequests, after: 0 },
  { statement: oldLogoutDeliveries, after: 0 },
  { statement: oldOutbox, after: OUTBOX_RETENTION_SECONDS },
]

const STEPS: readonly ((now: number, batch: number) => Verb<number>)[] = [
  ...BY_TIME.map(
    ({ statement: old, after }) =>
      (now: number, batch: number) =>
        count(old, { before: now - after, batch }),
  ),
  sweepSessions,
  sweepRefreshTokens,
  sweepRemovedClients,
  sweepFamilies,
]

/**
 * Deletes what has expired, up to `batch` rows of each table, each found by an index. Each table is a
 * transaction of its own, so that requests come between. Answers how many rows went.
 */
export async function sweep(run: Runner, now: number, batch: number): Promise<number> {
  let gone = 0
  for (const step of STEPS) gone += await run.write(() => step(now, batch))
  return gone
}
