import { type Kysely, sql } from 'kysely'
import type { Database } from './schema.ts'

/**
 * The one place that says what lives. A user: is there and not disabled. A session: also not ended (its row is
 * there), its ends not passed, not ended with all others of its user. A family: also not revoked, its client
 * there, and without offline_access its session live.
 */

/** A generation that no user has: what carries it is dead. */
export const NO_GENERATION = -1

/** Live sessions `s` with their users `u`. */
export function liveSessions(db: Kysely<Database>, now: number) {
  return db
    .selectFrom('sessions as s')
    .innerJoin('users as u', 'u.id', 's.user_id')
    .whereRef('s.generation', '=', 'u.generation')
    .where('s.idle_expires_at', '>', now)
    .where('u.disabled_at', 'is', null)
}

/** What a left join of sessions `s` beside users `u` is on: the user's session of this id, if it is live. */
export function onLiveSession(sid: 'c.sid' | 'f.sid', now: number) {
  // As text: the three joins have three types for Kysely, and one meaning.
  return sql<boolean>`s.sid = ${sql.ref(sid)} and s.user_id = u.id and s.generation = u.generation
    and s.idle_expires_at > ${now} and u.disabled_at is null`
}

/** Families `f` with their users `u` and clients `c` that are live by themselves, whatever became of their sessions. */
function unendedFamilies(db: Kysely<Database>, now: number) {
  return db
    .selectFrom('families as f')
    .innerJoin('users as u', 'u.id', 'f.user_id')
    .innerJoin('clients as c', 'c.id', 'f.client_id')
    .whereRef('f.generation', '=', 'u.generation')
    .where('f.revoked_at', 'is', null)
    .where('f.expires_at', '>', now)
    .where('u.disabled_at', 'is', null)
}

/** Live families `f` with their users `u` and clients `c`. */
export function liveFamilies(db: Kysely<Database>, now: number) {
  return unendedFamilies(db, now).where((eb) =>
    eb.or([
      eb('f.offline', '=', 1),
      eb.exists(liveSessions(db, now).select('s.sid').where('s.sid', '=', eb.ref('f.sid'))),
    ]),
  )
}

/** The same with their live sessions `s`: one look at the user for both. */
export function liveFamiliesWithSessions(db: Kysely<Database>, now: number) {
  return unendedFamilies(db, now)
    .leftJoin('sessions as s', (join) => join.on(onLiveSession('f.sid', now)))
    .where((eb) => eb.or([eb('f.offline', '=', 1), eb('s.sid', 'is not', null)]))
}
