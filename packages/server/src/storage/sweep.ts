import type { Generated } from 'kysely'
import { OUTBOX_RETENTION_SECONDS } from './outbox.ts'
import type { Sweep } from './ports.ts'
import type { Database } from './schema.ts'
import { count, type Runner, statement, type Verb } from './statement.ts'
import { sweepRemovedClients } from './sweep-clients.ts'
import { sweepFamilies, sweepRefreshTokens, sweepSessions } from './sweep-grants.ts'

/** A code stays this long after its expiry, so that a late replay of it is still seen (RFC 6749 §4.1.2). */
const CODE_RETENTION_SECONDS = 86_400

type Batch = { readonly before: number; readonly batch: number }

/** A table, the column that names its rows, and the column that says when a row is over. */
type Expiring = {
  [Table in keyof Database]: readonly [
    table: Table,
    key: ColumnOf<Database[Table], string | Generated<number>>,
    column: ColumnOf<Database[Table], number | null>,
  ]
}[keyof Database]
type ColumnOf<Row, Type> = { [Column in keyof Row]: Row[Column] extends Type ? Column : never }[keyof Row]

/** Deletes rows whose `column` is at or before a moment: a batch of them, the oldest first. */
const expired = (...[table, key, column]: Expiring) =>
  statement((db, v: Batch) =>
    db
      .deleteFrom(table)
      .where(
        key,
        'in',
        db.selectFrom(table).select(key).where(column, '<=', v.before).orderBy(column).limit(v.batch),
      ),
  )

/** What leaves by time alone, and how long after its time. */
const BY_TIME = [
  { statement: expired('codes', 'hash', 'expires_at'), after: CODE_RETENTION_SECONDS },
  { statement: expired('revoked_access_tokens', 'jti', 'expires_at'), after: 0 },
  { statement: expired('connections', 'identity_id', 'expires_at'), after: 0 },
  { statement: expired('signing_keys', 'kid', 'gone_at'), after: 0 },
  { statement: expired('replays', 'key_hash', 'expires_at'), after: 0 },
  { statement: expired('limits', 'key_hash', 'resets_at'), after: 0 },
  { statement: expired('kept_requests', 'hash', 'expires_at'), after: 0 },
  { statement: expired('logout_deliveries', 'id', 'expires_at'), after: 0 },
  { statement: expired('outbox', 'id', 'created_at'), after: OUTBOX_RETENTION_SECONDS },
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

/** Every sweep over one database, each row found by an index. */
export function createSweeps(run: Runner): readonly Sweep[] {
  return STEPS.map((step) => (now, batch) => run.sweep(() => step(now, batch)))
}
