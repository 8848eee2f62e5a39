import { announce } from './outbox.ts'
import { count, row, rows, statement, type Verb } from './statement.ts'

/** How long a logout delivery is tried before it is given up. */
const DELIVERY_SECONDS = 86_400

/** One delivery for each client of the session that hears of logouts (Back-Channel Logout §2.5). */
type OfSession = { sid: string; userId: string; now: number }
const queueLogouts = statement((db, v: OfSession & { expiresAt: number }) =>
  db
    .insertInto('logout_deliveries')
    .columns(['id', 'client_id', 'user_id', 'sid', 'attempts', 'next_attempt_at', 'expires_at'])
    .expression((eb) =>
      eb
        .selectFrom('families as f')
        .innerJoin('clients as c', 'c.id', 'f.client_id')
        .distinct()
        .select((select) => [
          select(select('f.sid', '||', '.'), '||', select.ref('f.client_id')).as('id'),
          'f.client_id',
          'f.user_id',
          'f.sid',
          select.lit(0).as('attempts'),
          select.cast<number>(select.val(v.now), 'bigint').as('next_attempt_at'),
          select.cast<number>(select.val(v.expiresAt), 'bigint').as('expires_at'),
        ])
        .where('c.has_backchannel_logout', '=', 1)
        .where('f.user_id', '=', v.userId)
        .where('f.sid', '=', v.sid),
    )
    .onConflict((conflict) => conflict.doNothing()),
)

const selectLiveSession = statement((db, v: { sid: string; now: number }) =>
  db
    .selectFrom('sessions')
    .select('user_id as userId')
    .where('sid', '=', v.sid)
    .where('idle_expires_at', '>', v.now),
)
const deleteLiveSession = statement((db, v: { sid: string; now: number }) =>
  db.deleteFrom('sessions').where('sid', '=', v.sid).where('idle_expires_at', '>', v.now),
)
const deleteSessionsOfUser = statement((db, v: { userId: string }) =>
  db.deleteFrom('sessions').where('user_id', '=', v.userId).returning(['sid', 'idle_expires_at']),
)

/** Those that were revoked before stayed only to tell whose session it was. */
const revokeFamiliesOfSession = statement((db, v: OfSession) =>
  db
    .updateTable('families')
    .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(v.now)), sweep_at: v.now }))
    .where('user_id', '=', v.userId)
    .where('sid', '=', v.sid)
    .where((eb) => eb.or([eb('offline', '=', 0), eb('revoked_at', 'is not', null)])),
)
const revokeFamiliesOfUser = statement((db, v: { userId: string; now: number }) =>
  db
    .updateTable('families')
    .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(v.now)), sweep_at: v.now }))
    .where('user_id', '=', v.userId),
)

/** The row stays while its session may still end: a logout is told to each client of the session. */
const revokeOneFamily = statement((db, v: { id: string; now: number }) =>
  db
    .updateTable('families')
    .set((eb) => ({
      revoked_at: v.now,
      sweep_at: eb.fn.coalesce(
        eb.selectFrom('sessions as s').select('s.expires_at').where('s.sid', '=', eb.ref('families.sid')),
        eb.val(v.now),
      ),
    }))
    .where('id', '=', v.id)
    .where('revoked_at', 'is', null),
)

const deleteConsentsOfUser = statement((db, v: { userId: string }) =>
  db.deleteFrom('consents').where('user_id', '=', v.userId),
)
const deleteIdentitiesOfUser = statement((db, v: { userId: string; but: string }) =>
  db.deleteFrom('identities').where('user_id', '=', v.userId).where('id', '<>', v.but),
)

function* tellClients(of: OfSession): Verb<void> {
  yield* count(queueLogouts, { ...of, expiresAt: of.now + DELIVERY_SECONDS })
}

/**
 * Ends a live session with what lives by it; false where there is none. Families before sessions, here, below and in
 * the sweep: of two that end the same in another order, PostgreSQL would break one off after a second.
 */
export function* endSession(sid: string, now: number): Verb<boolean> {
  const live = yield* row(selectLiveSession, { sid, now })
  if (live === null) return false
  const { userId } = live
  yield* count(revokeFamiliesOfSession, { sid, userId, now })
  // Somebody else was quicker.
  if ((yield* count(deleteLiveSession, { sid, now })) === 0) return false
  yield* tellClients({ sid, userId, now })
  yield* announce('revocation', `sid:${sid}`, now)
  return true
}

/** Ends every session and family of a user. The caller raises the user's generation first, and announces. */
export function* endEverythingOf(userId: string, now: number): Verb<void> {
  yield* count(revokeFamiliesOfUser, { userId, now })
  const ended = yield* rows(deleteSessionsOfUser, { userId })
  for (const { sid, idle_expires_at: idleEnd } of ended) {
    if (idleEnd > now) yield* tellClients({ sid, userId, now })
  }
}

/** Revokes one family; false where it was revoked before or is unknown. */
export function* revokeFamily(id: string, now: number): Verb<boolean> {
  const revoked = yield* count(revokeOneFamily, { id, now })
  if (revoked === 0) return false
  yield* announce('revocation', `family:${id}`, now)
  return true
}

/** Drops the identities of a user, with what belongs to them, but for one. */
export function* dropIdentitiesOf(userId: string, but: string | null): Verb<void> {
  yield* count(deleteIdentitiesOfUser, { userId, but: but ?? '' })
}

/** Forgets what a user has let clients do. */
export function* dropConsentsOf(userId: string): Verb<void> {
  yield* count(deleteConsentsOfUser, { userId })
}
