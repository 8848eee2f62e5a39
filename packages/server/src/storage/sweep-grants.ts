import { count, statement, type Verb } from './statement.ts'

/** A family whose last refresh token expired keeps its row this long, for access tokens that still live. */
const ACCESS_TOKEN_SECONDS = 86_400

type Batch = { readonly now: number; readonly batch: number }

/** Families that live by a session that expired are dead with it. */
const endFamiliesOfOldSessions = statement((db, v: Batch) =>
  db
    .updateTable('families')
    .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(v.now)), sweep_at: v.now }))
    .where((eb) =>
      eb(
        eb.refTuple('user_id', 'sid'),
        'in',
        eb
          .selectFrom('sessions as old')
          .select(['old.user_id', 'old.sid'])
          .where('old.idle_expires_at', '<=', v.now)
          .orderBy('old.idle_expires_at')
          .orderBy('old.sid')
          .limit(v.batch)
          .$asTuple('user_id', 'sid'),
      ),
    )
    .where((eb) => eb.or([eb('offline', '=', 0), eb('revoked_at', 'is not', null)])),
)
const deleteOldSessions = statement((db, v: Batch) =>
  db
    .deleteFrom('sessions')
    .where('sid', 'in', (eb) =>
      eb
        .selectFrom('sessions as old')
        .select('old.sid')
        .where('old.idle_expires_at', '<=', v.now)
        .orderBy('old.idle_expires_at')
        .orderBy('old.sid')
        .limit(v.batch),
    ),
)

/** Expired sessions, and the news to the families that lived by them. */
export function* sweepSessions(now: number, batch: number): Verb<number> {
  yield* count(endFamiliesOfOldSessions, { now, batch })
  return yield* count(deleteOldSessions, { now, batch })
}

/** A chain whose end has expired mints nothing any more: its family need not wait for its own end. */
const endFamiliesOfOldTokens = statement((db, v: Batch & { later: number }) =>
  db
    .updateTable('families')
    .set({ sweep_at: v.later })
    .where('sweep_at', '>', v.later)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom(
          eb
            .selectFrom('refresh_tokens')
            .select(['family_id', 'rotated_at'])
            .where('refresh_tokens.expires_at', '<=', v.now)
            .orderBy('refresh_tokens.expires_at')
            .orderBy('hash')
            .limit(v.batch)
            .as('old'),
        )
        .select('old.family_id')
        .where('old.rotated_at', 'is', null),
    ),
)
const deleteOldTokens = statement((db, v: Batch) =>
  db
    .deleteFrom('refresh_tokens')
    .where('hash', 'in', (eb) =>
      eb
        .selectFrom('refresh_tokens as old')
        .select('old.hash')
        .where('old.expires_at', '<=', v.now)
        .orderBy('old.expires_at')
        .orderBy('old.hash')
        .limit(v.batch),
    ),
)

/** Expired refresh tokens. A rotated one stays to its own end, so that late reuse is seen (RFC 9700 §4.14.2). */
export function* sweepRefreshTokens(now: number, batch: number): Verb<number> {
  yield* count(endFamiliesOfOldTokens, { now, batch, later: now + ACCESS_TOKEN_SECONDS })
  return yield* count(deleteOldTokens, { now, batch })
}

const deleteOldFamilies = statement((db, v: Batch) =>
  db
    .deleteFrom('families')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('families as old')
        .select('old.id')
        .where('old.sweep_at', '<=', v.now)
        .orderBy('old.sweep_at')
        .limit(v.batch),
    ),
)

/** Families of no more use. What is left of their tokens is dead without them and leaves by its own expiry. */
export function* sweepFamilies(now: number, batch: number): Verb<number> {
  return yield* count(deleteOldFamilies, { now, batch })
}
