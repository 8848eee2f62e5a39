import type { Kysely } from 'kysely'
import { liveFamiliesWithSessions } from './live.ts'
import { announce } from './outbox.ts'
import type { AccessTokenFacts, AccessTokens } from './ports.ts'
import type { Database } from './schema.ts'
import { count, type Runner, row, statement, type Verb } from './statement.ts'

const isRevoked = (db: Kysely<Database>, jti: string) =>
  db.selectFrom('revoked_access_tokens').select('jti').where('jti', '=', jti)

const selectLiveOfClient = statement((db, v: { jti: string; clientId: string }) =>
  db
    .selectFrom('clients')
    .select('id')
    .where('id', '=', v.clientId)
    .where((eb) => eb.not(eb.exists(isRevoked(db, v.jti)))),
)

type FamilyFacts = {
  jti: string
  familyId: string
  sid: string
  userId: string
  clientId: string
  now: number
}
/** `sid` is '' where the token has none: a parameter that may be null has no type in PostgreSQL. */
const selectLiveOfFamily = statement((db, v: FamilyFacts) =>
  liveFamiliesWithSessions(db, v.now)
    .select('f.id')
    .where('f.id', '=', v.familyId)
    .where('f.user_id', '=', v.userId)
    .where('f.client_id', '=', v.clientId)
    .where((eb) => eb.or([eb(eb.val(v.sid), '=', ''), eb('s.sid', '=', v.sid)]))
    .where((eb) => eb.not(eb.exists(isRevoked(db, v.jti)))),
)

const insertRevoked = statement((db, v: { jti: string; expiresAt: number }) =>
  db
    .insertInto('revoked_access_tokens')
    .values({ jti: v.jti, expires_at: v.expiresAt })
    .onConflict((conflict) => conflict.doNothing()),
)

function* isLive(facts: AccessTokenFacts, now: number): Verb<boolean> {
  const { jti, clientId, familyId, sid, userId } = facts
  // Only families are of people: a token without one is the client's own.
  if (familyId === null) return (yield* row(selectLiveOfClient, { jti, clientId })) !== null
  const values = { jti, familyId, sid: sid ?? '', userId: userId ?? '', clientId, now }
  return (yield* row(selectLiveOfFamily, values)) !== null
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
