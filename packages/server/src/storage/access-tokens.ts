import { liveFamilies, liveSessions } from './live.ts'
import { announce } from './outbox.ts'
import type { AccessTokenFacts, AccessTokens } from './ports.ts'
import { count, type Runner, row, statement, type Verb } from './statement.ts'

/** '' where the token has no such thing: a parameter that may be null has no type in PostgreSQL. */
type FactValues = {
  jti: string
  familyId: string
  sid: string
  userId: string
  clientId: string
  now: number
}

const selectLive = statement((db, v: FactValues) =>
  db
    .selectFrom('clients')
    .select('clients.id')
    .where('clients.id', '=', v.clientId)
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom('revoked_access_tokens').select('jti').where('jti', '=', v.jti))),
    )
    .where((eb) =>
      eb.or([
        eb(eb.val(v.familyId), '=', ''),
        eb.exists(liveFamilies(db, v.now).select('f.id').where('f.id', '=', v.familyId)),
      ]),
    )
    .where((eb) =>
      eb.or([
        eb(eb.val(v.sid), '=', ''),
        eb.exists(liveSessions(db, v.now).select('s.sid').where('s.sid', '=', v.sid)),
      ]),
    )
    .where((eb) =>
      eb.or([
        eb(eb.val(v.userId), '=', ''),
        eb.exists(
          eb
            .selectFrom('users')
            .select('users.id')
            .where('users.id', '=', v.userId)
            .where('users.disabled_at', 'is', null),
        ),
      ]),
    ),
)

const insertRevoked = statement((db, v: { jti: string; expiresAt: number }) =>
  db
    .insertInto('revoked_access_tokens')
    .values({ jti: v.jti, expires_at: v.expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('jti'),
)

function* isLive(facts: AccessTokenFacts, now: number): Verb<boolean> {
  const found = yield* row(selectLive, {
    jti: facts.jti,
    familyId: facts.familyId ?? '',
    sid: facts.sid ?? '',
    userId: facts.userId ?? '',
    clientId: facts.clientId,
    now,
  })
  return found !== null
}

function* revoke(jti: string, expiresAt: number, now: number): Verb<void> {
  if ((yield* count(insertRevoked, { jti, expiresAt })) === 0) return
  yield* announce('revocation', `jti:${jti}`, now)
}

/** `AccessTokens` of the ports over one database. */
export function createAccessTokens(run: Runner): AccessTokens {
  return {
    isLive: (facts, now) => run.read(() => isLive(facts, now)),
    revoke: (jti, expiresAt, now) => run.write(() => revoke(jti, expiresAt, now)),
  }
}
