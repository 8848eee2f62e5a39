import type { ClientStore, Swept } from '../ports.ts'
import { type Driver, rows, type Verb } from './driver.ts'
import { insertOnce } from './replays.ts'
import { migrate } from './schema.ts'
import { createSessions, sweepSessions } from './sessions.ts'
import { StoreError } from './store-error.ts'
import { createVault } from './vault.ts'

/** Deletes the oldest rows that are over; each table has an index on the column. */
const oldest = (table: string, key: string, column: string, own = '') => `DELETE FROM ${table} WHERE ${key} IN
  (SELECT ${key} FROM ${table} WHERE ${column} <= ? ${own} ORDER BY ${column} LIMIT ?) RETURNING ${key}`

/** Tokens of a session go with it: taken here too, in another order, they could make two transactions wait for each other. */
const OF_NO_SESSION = 'AND NOT EXISTS (SELECT 1 FROM doorward_sessions WHERE id_hash = ref)'

const OVER_BY_TIME = [
  oldest('doorward_vault', 'ref', 'expires_at', OF_NO_SESSION),
  oldest('doorward_replays', 'key_hash', 'expires_at'),
]

function* sweep(now: number, limit: number): Verb<Swept> {
  const sessions = yield* sweepSessions(now, limit)
  let gone = sessions.rows
  for (const sql of OVER_BY_TIME) gone += (yield* rows(sql, [now, limit - gone])).length
  return { rows: gone, tokens: sessions.tokens }
}

/** A store over a database that is opened, its tables made or migrated, when it is first used. */
export function createStore(connect: () => Promise<Driver>): ClientStore {
  let opening: Promise<Driver> | null = null
  let closed = false
  const open = async (): Promise<Driver> => {
    if (closed) throw new StoreError('The store has been closed.')
    // A failure is not kept: the next request tries again.
    opening ??= openMigrated(connect).catch((error: unknown) => {
      opening = null
      throw error
    })
    return opening
  }
  return {
    sessions: createSessions(open),
    vault: createVault(open),
    replays: {
      insertOnce: async (key, expiresAt, now) =>
        (await open()).transact(() => insertOnce(key, expiresAt, now)),
    },
    sweep: async (now, limit) => (await open()).transact(() => sweep(now, limit)),
    async close() {
      if (closed) return
      closed = true
      await (await opening?.catch(() => null))?.close()
    },
  }
}

async function openMigrated(connect: () => Promise<Driver>): Promise<Driver> {
  const driver = await connect()
  try {
    await migrate(driver)
    return driver
  } catch (error) {
    await driver.close()
    throw error
  }
}
