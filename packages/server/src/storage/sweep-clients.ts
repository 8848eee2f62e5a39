import { count, rows, statement, type Verb } from './statement.ts'

/** Deleted clients looked at in one sweep. */
const AT_ONCE = 20

/** Requests that had read the client when it was deleted have stored by then what they will store. */
const SETTLED_SECONDS = 600

type Removal = { readonly clientId: string; readonly batch: number }

const selectRemovals = statement((db, v: { limit: number }) =>
  db.selectFrom('client_removals').select('client_id').orderBy('client_id').limit(v.limit),
)
const deleteConsents = statement((db, v: Removal) =>
  db
    .deleteFrom('consents')
    .where('client_id', '=', v.clientId)
    .where('user_id', 'in', (eb) =>
      eb
        .selectFrom('consents as old')
        .select('old.user_id')
        .where('old.client_id', '=', v.clientId)
        .orderBy('old.user_id')
        .limit(v.batch),
    )
    .returning('user_id'),
)
/** The families' own sweep takes them from here. */
const endFamilies = statement((db, v: Removal & { now: number }) =>
  db
    .updateTable('families')
    .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(v.now)), sweep_at: v.now }))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('families as f')
        .select('f.id')
        .where('f.client_id', '=', v.clientId)
        .where('f.sweep_at', '>', v.now)
        .orderBy('f.sweep_at')
        .limit(v.batch),
    )
    .returning('id'),
)
const deleteRemoval = statement((db, v: { clientId: string; before: number }) =>
  db
    .deleteFrom('client_removals')
    .where('client_id', '=', v.clientId)
    .where('removed_at', '<=', v.before)
    .returning('client_id'),
)

/** What deleted clients left behind. */
export function* sweepRemovedClients(now: number, batch: number): Verb<number> {
  let gone = 0
  for (const { client_id: clientId } of yield* rows(selectRemovals, { limit: AT_ONCE })) {
    const before = gone
    gone += yield* count(deleteConsents, { clientId, batch })
    gone += yield* count(endFamilies, { clientId, batch, now })
    if (gone === before) gone += yield* count(deleteRemoval, { clientId, before: now - SETTLED_SECONDS })
  }
  return gone
}
