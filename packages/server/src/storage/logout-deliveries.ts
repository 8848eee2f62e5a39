import type { LogoutDeliveries } from './ports.ts'
import { count, type Runner, rows, statement, type Verb } from './statement.ts'

type LeaseValues = { limit: number; until: number; now: number }
/** Who comes second waits for the row, finds it no longer due, and leaves it. */
const lease = statement((db, v: LeaseValues) =>
  db
    .updateTable('logout_deliveries')
    .set((eb) => ({ attempts: eb('attempts', '+', eb.lit(1)), next_attempt_at: v.until }))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('logout_deliveries as due')
        .select('due.id')
        .where('due.next_attempt_at', '<=', v.now)
        .orderBy('due.next_attempt_at')
        .limit(v.limit),
    )
    .where('next_attempt_at', '<=', v.now)
    .returning([
      'id',
      'client_id as clientId',
      'user_id as userId',
      'sid',
      'attempts',
      'next_attempt_at as nextAttemptAt',
    ]),
)
const deleteOne = statement((db, v: { id: string }) =>
  db.deleteFrom('logout_deliveries').where('id', '=', v.id),
)
const postpone = statement((db, v: { id: string; at: number }) =>
  db.updateTable('logout_deliveries').set({ next_attempt_at: v.at }).where('id', '=', v.id),
)

function* done(id: string): Verb<void> {
  yield* count(deleteOne, { id })
}

function* retryAt(id: string, at: number): Verb<void> {
  yield* count(postpone, { id, at })
}

/** `LogoutDeliveries` of the ports over one database. */
export function createLogoutDeliveries(run: Runner): LogoutDeliveries {
  return {
    take: (limit, leaseSeconds, now) =>
      run.writeOne(() => rows(lease, { limit, until: now + leaseSeconds, now })),
    done: (id) => run.writeOne(() => done(id)),
    retryAt: (id, at) => run.writeOne(() => retryAt(id, at)),
  }
}
