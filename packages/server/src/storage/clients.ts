import type { Sha256 } from '@doorward/core/crypto'
import { createMetadataDecoder, encodeMetadata } from './json.ts'
import { announce } from './outbox.ts'
import type { Clients, Page } from './ports.ts'
import type { Client } from './records.ts'
import { count, type Runner, row, rows, statement, type Verb } from './statement.ts'

type ClientColumns = {
  readonly id: string
  readonly secret_hash: Sha256 | null
  readonly metadata: string
  readonly created_at: number
  readonly updated_at: number
}

const COLUMNS = ['id', 'secret_hash', 'metadata', 'created_at', 'updated_at'] as const

const insertClient = statement((db, v: ClientColumns & { has_backchannel_logout: number }) =>
  db
    .insertInto('clients')
    .values({
      id: v.id,
      secret_hash: v.secret_hash,
      metadata: v.metadata,
      has_backchannel_logout: v.has_backchannel_logout,
      created_at: v.created_at,
      updated_at: v.updated_at,
    })
    .onConflict((conflict) => conflict.doNothing()),
)
const selectById = statement((db, v: { id: string }) =>
  db.selectFrom('clients').select(COLUMNS).where('id', '=', v.id),
)
const selectPage = statement((db, v: { after: string; limit: number }) =>
  db.selectFrom('clients').select(COLUMNS).where('id', '>', v.after).orderBy('id').limit(v.limit),
)
const updateSecret = statement((db, v: { id: string; hash: Sha256; now: number }) =>
  db.updateTable('clients').set({ secret_hash: v.hash, updated_at: v.now }).where('id', '=', v.id),
)
const deleteClient = statement((db, v: { id: string }) => db.deleteFrom('clients').where('id', '=', v.id))
const deleteRoles = statement((db, v: { id: string }) =>
  db.deleteFrom('role_holders').where('kind', '=', 'client').where('holder', '=', v.id),
)
const insertRemoval = statement((db, v: { id: string; now: number }) =>
  db.insertInto('client_removals').values({ client_id: v.id, removed_at: v.now }),
)

function* insert(client: Client): Verb<Client | null> {
  const inserted = yield* count(insertClient, {
    id: client.id,
    secret_hash: client.secretHash,
    metadata: encodeMetadata(client.metadata),
    has_backchannel_logout: client.metadata.backchannelLogoutUri === null ? 0 : 1,
    created_at: client.createdAt,
    updated_at: client.updatedAt,
  })
  if (inserted === 0) return null
  yield* announce('client', client.id, client.createdAt)
  return client
}

function* setSecret(id: string, hash: Sha256, now: number): Verb<boolean> {
  if ((yield* count(updateSecret, { id, hash, now })) === 0) return false
  yield* announce('client', id, now)
  return true
}

/**
 * A client can have millions of families. They, its codes and its consents are not found any more once its row
 * is gone (each look-up joins it); their rows leave in the sweep's bounded batches.
 */
function* remove(id: string, now: number): Verb<boolean> {
  if ((yield* count(deleteClient, { id })) === 0) return false
  yield* count(deleteRoles, { id })
  yield* count(insertRemoval, { id, now })
  yield* announce('client', id, now)
  return true
}

/** `Clients` of the ports over one database. */
export function createClients(run: Runner): Clients {
  const decodeMetadata = createMetadataDecoder()
  const toClient = (columns: ClientColumns): Client => ({
    id: columns.id,
    secretHash: columns.secret_hash,
    metadata: decodeMetadata(columns.metadata),
    createdAt: columns.created_at,
    updatedAt: columns.updated_at,
  })

  function* find(id: string): Verb<Client | null> {
    const found = yield* row(selectById, { id })
    return found === null ? null : toClient(found)
  }

  function* list(page: Page): Verb<readonly Client[]> {
    return (yield* rows(selectPage, { after: page.after ?? '', limit: page.limit })).map(toClient)
  }

  return {
    insert: (client) => run.write(() => insert(client)),
    find: (id) => run.read(() => find(id)),
    list: (page) => run.read(() => list(page)),
    setSecret: (id, hash, now) => run.write(() => setSecret(id, hash, now)),
    delete: (id, now) => run.write(() => remove(id, now)),
  }
}
