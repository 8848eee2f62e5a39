import type { Outbox } from './ports.ts'
import type { OutboxEntry } from './records.ts'
import { count, type Runner, rows, statement, type Verb } from './statement.ts'

/** How long entries stay. A process that slept longer (a closed laptop) has to read everything anew. */
export const OUTBOX_RETENTION_SECONDS = 86_400

const insertEntry = statement((db, v: { kind: OutboxEntry['kind']; subject: string; now: number }) =>
  db.insertInto('outbox').values({ kind: v.kind, subject: v.subject, created_at: v.now }),
)

const selectSince = statement((db, v: { since: number }) =>
  db
    .selectFrom('outbox')
    .select(['id', 'kind', 'subject', 'created_at as createdAt'])
    .where('created_at', '>=', v.since)
    .orderBy('created_at')
    .orderBy('id'),
)

/**
 * Tells the other processes, in the same transaction as the change. `subject` is a key's kid, a client's id, a
 * resource's URI, a role's name, a user's id; of a revocation `family:<id>`, `sid:<sid>` or `jti:<jti>`.
 */
export function* announce(kind: OutboxEntry['kind'], subject: string, now: number): Verb<void> {
  yield* count(insertEntry, { kind, subject, now })
}

/** `Outbox` of the ports over one database. */
export function createOutbox(run: Runner): Outbox {
  return {
    read: (since) => run.read(() => rows(selectSince, { since })),
    changedElsewhere: () => run.changedElsewhere(),
  }
}
