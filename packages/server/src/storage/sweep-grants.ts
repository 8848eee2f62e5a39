import { count, statement, type Verb } from './statement.ts'

/** A family whose last refresh token expired keeps its row this long, for access tokens that still live. */
const ACCESS_TOKEN_SECONDS = 86_400

type Batch = { readonly now: number; readonly batch: number }

/** Families that live by a session that expired are dead with it. */
const endFamiliesOfOldSessions = statement((db, v: Batch) =>
  db
    .updateTable('families')
    .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(v.now)), sweep_at: v.now }))
    .where('sid', 'in', (eb) =>
      eb
        .selectFrom('sessions')
        .select('sessions.sid')
        .where('idle_expires_at', '<=', v.now)
        .orderBy('idle_expires_at')
        .orderBy('sessions.sid')
        .limit(v.batch),
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
    )
    .returning('sid'),
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
    )
    .returning('hash'),
)

/** Expired refresh tokens. A rotated one stays to its own end, so that late reuse is seen (RFC 9700 §4.14.2). */
export function* sweepRefreshTokens(now: number, batch: number): Verb<number> {
  yield* count(endFamiliesOfOldTokens, { now, batch, later: now + ACCESS_TOKEN_SECONDS })
  return yield* count(deleteOldTokens, { now, batch })
}

const deleteTokensOfOldFamilies = statement((db, v: Batch) =>
  db
    .deleteFrom('refresh_tokens')
    .where('hash', 'in', (eb) =>
      eb
        .selectFrom('refresh_tokens as t')
        .select('t.hash')
        .where('t.family_id', 'in', (inner) =>
          inner
            .selectFrom('families as f')
            .select('f.id')
            .where('f.sweep_at', '<=', v.now)
            .orderBy('f.sweep_at')
            .orderBy('f.id')
            .limit(v.batch),
        )
        .limit(v.batch),
    )
    .returning('hash'),
)
const deleteOldFamilies = statement((db, v: Batch) =>
  db
    .deleteFrom('families')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('families as f')
        .select('f.id')
        .where('f.sweep_at', '<=', v.now)
        .orderBy('f.sweep_at')
        .orderBy('f.id')
        .limit(v.batch),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('refresh_tokens as t')
            .select('t.hash')
            .where('t.family_id', '=', eb.ref('families.id')),
        ),
      ),
    )
    .returning('id'),
)

/** Families of no more use: their tokens first, for a long chain is more than one batch. */
export function* sweepFamilies(now: number, batch: number): Verb<number> {
  const tokens = yield* count(deleteTokensOfOldFamilies, { now, batch })
  return tokens + (yield* count(deleteOldFamilies, { now, batch }))
}
