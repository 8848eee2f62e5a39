import { announce } from './outbox.ts'
import type { Keys } from './ports.ts'
import type { SigningAlg, SigningKeyRecord } from './records.ts'
import type { Database } from './schema.ts'
import { count, type Runner, row, rows, statement, type Verb } from './statement.ts'

type KeyColumns = Database['signing_keys']

/** Held to the end of the transaction: whoever decides about an algorithm's keys decides alone. */
const lock = statement((db, v: { name: string }) =>
  db
    .insertInto('locks')
    .values({ name: v.name, turns: 1 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ turns: eb('locks.turns', '+', eb.lit(1)) })),
    ),
)

const selectKeys = statement((db, v: { now: number }) =>
  db
    .selectFrom('signing_keys')
    .select([
      'kid',
      'alg',
      'public_jwk as publicJwk',
      'sealed_private_jwk as sealedPrivateJwk',
      'created_at as createdAt',
      'signs_from as signsFrom',
      'retired_at as retiredAt',
      'gone_at as goneAt',
    ])
    .where((eb) => eb.or([eb('gone_at', 'is', null), eb('gone_at', '>', v.now)]))
    .orderBy('created_at')
    .orderBy('kid'),
)
const selectAny = statement((db, v: { alg: SigningAlg }) =>
  db.selectFrom('signing_keys').select('kid').where('alg', '=', v.alg).limit(1),
)
const selectWaiting = statement((db, v: { alg: SigningAlg; now: number }) =>
  db
    .selectFrom('signing_keys')
    .select('kid')
    .where('alg', '=', v.alg)
    .where('retired_at', 'is', null)
    .where('signs_from', '>', v.now)
    .limit(1),
)
const insertKey = statement((db, v: KeyColumns) =>
  db.insertInto('signing_keys').values({
    kid: v.kid,
    alg: v.alg,
    public_jwk: v.public_jwk,
    sealed_private_jwk: v.sealed_private_jwk,
    created_at: v.created_at,
    signs_from: v.signs_from,
    retired_at: v.retired_at,
    gone_at: v.gone_at,
  }),
)
const updateRetired = statement((db, v: { alg: SigningAlg; kid: string; goneAt: number; now: number }) =>
  db
    .updateTable('signing_keys')
    .set({ retired_at: v.now, gone_at: v.goneAt, sealed_private_jwk: null })
    .where('alg', '=', v.alg)
    .where('kid', '<>', v.kid)
    .where('retired_at', 'is', null)
    .where('signs_from', '<=', (eb) =>
      eb
        .selectFrom('signing_keys as current')
        .select('current.signs_from')
        .where('current.kid', '=', v.kid)
        .where('current.alg', '=', v.alg),
    )
    .returning('kid'),
)
const deleteKey = statement((db, v: { kid: string }) =>
  db.deleteFrom('signing_keys').where('kid', '=', v.kid),
)
const updateSealed = statement((db, v: { kid: string; oldSealed: string; newSealed: string }) =>
  db
    .updateTable('signing_keys')
    .set({ sealed_private_jwk: v.newSealed })
    .where('kid', '=', v.kid)
    .where('sealed_private_jwk', '=', v.oldSealed),
)

function* insert(key: SigningKeyRecord, now: number): Verb<void> {
  yield* count(insertKey, {
    kid: key.kid,
    alg: key.alg,
    public_jwk: key.publicJwk,
    sealed_private_jwk: key.sealedPrivateJwk,
    created_at: key.createdAt,
    signs_from: key.signsFrom,
    retired_at: key.retiredAt,
    gone_at: key.goneAt,
  })
  yield* announce('keys', key.kid, now)
}

function* insertFirst(key: SigningKeyRecord): Verb<boolean> {
  yield* count(lock, { name: `keys:${key.alg}` })
  if ((yield* row(selectAny, { alg: key.alg })) !== null) return false
  yield* insert(key, key.createdAt)
  return true
}

function* insertNext(key: SigningKeyRecord, now: number): Verb<boolean> {
  yield* count(lock, { name: `keys:${key.alg}` })
  if ((yield* row(selectWaiting, { alg: key.alg, now })) !== null) return false
  yield* insert(key, now)
  return true
}

function* retireBefore(current: { alg: SigningAlg; kid: string }, goneAt: number, now: number): Verb<void> {
  const retired = yield* rows(updateRetired, { ...current, goneAt, now })
  for (const { kid } of retired) yield* announce('keys', kid, now)
}

function* compromise(kid: string, replacement: SigningKeyRecord | null, now: number): Verb<boolean> {
  if ((yield* count(deleteKey, { kid })) === 0) return false
  yield* announce('keys', kid, now)
  if (replacement !== null) yield* insert(replacement, now)
  return true
}

function* reseal(kid: string, oldSealed: string, newSealed: string): Verb<boolean> {
  return (yield* count(updateSealed, { kid, oldSealed, newSealed })) > 0
}

/** `Keys` of the ports over one database. */
export function createKeys(run: Runner): Keys {
  return {
    list: (now) => run.read(() => rows(selectKeys, { now })),
    insertFirst: (key) => run.write(() => insertFirst(key)),
    insertNext: (key, now) => run.write(() => insertNext(key, now)),
    retireBefore: (alg, kid, goneAt, now) => run.write(() => retireBefore({ alg, kid }, goneAt, now)),
    compromise: (kid, replacement, now) => run.write(() => compromise(kid, replacement, now)),
    reseal: (kid, oldSealed, newSealed) => run.writeOne(() => reseal(kid, oldSealed, newSealed)),
  }
}
