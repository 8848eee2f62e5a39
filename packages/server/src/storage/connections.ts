import type { Lease, VaultRow } from '@doorward/client/vault'
import type { Connections } from './ports.ts'
import { count, type Runner, row, rows, statement, type Verb } from './statement.ts'

/** The columns of a row as the client's vault knows it. */
const COLUMNS = [
  'identity_id as ref',
  'key_id as keyId',
  'sealed_key as sealedKey',
  'sealed',
  'version',
  'expires_at as expiresAt',
] as const

const selectRow = statement((db, v: { ref: string }) =>
  db.selectFrom('connections').select(COLUMNS).where('identity_id', '=', v.ref),
)

/** What belongs to nobody is not kept: the identity may be gone by the time its tokens come. */
const putRow = statement((db, v: VaultRow) =>
  db
    .insertInto('connections')
    .columns(['identity_id', 'key_id', 'sealed_key', 'sealed', 'version', 'expires_at'])
    .expression((eb) =>
      eb
        .selectFrom('identities')
        .select((select) => [
          'identities.id',
          select.val(v.keyId).as('key_id'),
          select.val(v.sealedKey).as('sealed_key'),
          select.val(v.sealed).as('sealed'),
          select.cast<number>(select.val(v.version), 'bigint').as('version'),
          select.cast<number>(select.val(v.expiresAt), 'bigint').as('expires_at'),
        ])
        .where('identities.id', '=', v.ref),
    )
    .onConflict((conflict) =>
      conflict.column('identity_id').doUpdateSet((eb) => ({
        key_id: eb.ref('excluded.key_id'),
        sealed_key: eb.ref('excluded.sealed_key'),
        sealed: eb.ref('excluded.sealed'),
        version: eb
          .case()
          .when('excluded.version', '>', eb.ref('connections.version'))
          .then(eb.ref('excluded.version'))
          .else(eb('connections.version', '+', eb.lit(1)))
          .end(),
        expires_at: eb.ref('excluded.expires_at'),
        lease_holder: null,
        lease_until: null,
      })),
    ),
)

/** One statement decides: of all who bring the same version, one finds the lease free. */
type LeaseValues = Lease & { ref: string; version: number }
const updateLease = statement((db, v: LeaseValues) =>
  db
    .updateTable('connections')
    .set({ lease_holder: v.holder, lease_until: v.until })
    .where('identity_id', '=', v.ref)
    .where('version', '=', v.version)
    .where((eb) =>
      eb.or([
        eb('lease_until', 'is', null),
        eb('lease_until', '<=', v.now),
        eb('lease_holder', '=', v.holder),
      ]),
    ),
)
const updateRow = statement((db, v: VaultRow & { before: number }) =>
  db
    .updateTable('connections')
    .set({
      key_id: v.keyId,
      sealed_key: v.sealedKey,
      sealed: v.sealed,
      version: v.version,
      expires_at: v.expiresAt,
      lease_holder: null,
      lease_until: null,
    })
    .where('identity_id', '=', v.ref)
    .where('version', '=', v.before),
)
const releaseLease = statement((db, v: { ref: string; holder: string }) =>
  db
    .updateTable('connections')
    .set({ lease_holder: null, lease_until: null })
    .where('identity_id', '=', v.ref)
    .where('lease_holder', '=', v.holder),
)

const deleteRow = statement((db, v: { ref: string }) =>
  db.deleteFrom('connections').where('identity_id', '=', v.ref),
)
const deleteVersion = statement((db, v: { ref: string; version: number }) =>
  db.deleteFrom('connections').where('identity_id', '=', v.ref).where('version', '=', v.version),
)

const selectByKey = statement((db, v: { keyId: string; limit: number; after: string }) =>
  db
    .selectFrom('connections')
    .select(COLUMNS)
    .where('key_id', '=', v.keyId)
    .where('identity_id', '>', v.after)
    .orderBy('identity_id')
    .limit(v.limit),
)
const countKeys = statement((db) =>
  db
    .selectFrom('connections')
    .select((eb) => ['key_id as keyId', eb.fn.countAll<number>().as('total')])
    .groupBy('key_id'),
)
/** `sealed` never comes twice, so it stands for the data key that it was sealed under. */
type ResealValues = { ref: string; sealed: string; keyId: string; sealedKey: string }
const updateKey = statement((db, v: ResealValues) =>
  db
    .updateTable('connections')
    .set({ key_id: v.keyId, sealed_key: v.sealedKey })
    .where('identity_id', '=', v.ref)
    .where('sealed', '=', v.sealed),
)

function* countByKey(): Verb<ReadonlyMap<string, number>> {
  return new Map((yield* rows(countKeys, {})).map(({ keyId, total }) => [keyId, total]))
}

/** `Connections` of the ports over one database: each verb is one statement. */
export function createConnections(run: Runner): Connections {
  const changes = async (verb: () => Verb<number>) => (await run.writeOne(verb)) > 0
  return {
    find: (ref) => run.read(() => row(selectRow, { ref })),
    put: async (fresh) => void (await changes(() => count(putRow, fresh))),
    lease: (ref, version, lease) => changes(() => count(updateLease, { ref, version, ...lease })),
    replace: (next) => changes(() => count(updateRow, { ...next, before: next.version - 1 })),
    release: async (ref, holder) => void (await changes(() => count(releaseLease, { ref, holder }))),
    delete: async (ref) => void (await changes(() => count(deleteRow, { ref }))),
    deleteVersion: (ref, version) => changes(() => count(deleteVersion, { ref, version })),
    findByKey: (keyId, limit, after = '') => run.read(() => rows(selectByKey, { keyId, limit, after })),
    countByKey: () => run.read(countByKey),
    reseal: ({ ref, sealed }, keyId, sealedKey) =>
      changes(() => count(updateKey, { ref, sealed, keyId, sealedKey })),
  }
}
