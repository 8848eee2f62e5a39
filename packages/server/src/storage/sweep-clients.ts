import { count, row, statement, type Verb } from './statement.ts'

/** Requests that had read the client when it was deleted have stored by then what they will store. */
const SETTLED_SECONDS = 600

type Removal = { readonly clientId: string; readonly batch: number }

const selectSettled = statement((db, v: { before: number }) =>
  db
    .selectFrom('client_removals')
    .select('client_id')
    .where('removed_at', '<=', v.before)
    .orderBy('client_id')
    .limit(1),
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
    ),
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
    ),
)
const deleteRemoval = statement((db, v: { clientId: string }) =>
  db.deleteFrom('client_removals').where('client_id', '=', v.clientId),
)

/** A batch of what one deleted client left behind, which is dead without it: four statements at most. */
export function* sweepRemovedClients(now: number, batch: number): Verb<number> {
  const settled = yield* row(selectSettled, { before: now - SETTLED_SECONDS })
  if (settled === null) return 0
  const { client_id: clientId } = settled
  const consents = yield* count(deleteConsents, { clientId, batch })
  if (consents > 0) return consents
  const families = yield* count(endFamilies, { clientId, batch, now })
  return families > 0 ? families : yield* count(deleteRemoval, { clientId })
}
