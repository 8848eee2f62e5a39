import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientStore } from '../ports.ts'
import type { Bindable, Driver, Row, Verb } from './driver.ts'
import { createStore } from './store.ts'
import { StoreError } from './store-error.ts'

/** Where the sessions are kept: a file, made with its folder where there is none. */
export type SqliteStoreOptions = { readonly file: string }

/** How long another process is waited for, in milliseconds. */
const BUSY = 5000
const OPENING = 60_000
const POLL = 20
const SQLITE_BUSY = 5

/**
 * A store in a SQLite file, for one machine; its processes may share it. Opened at first use. A verb that was
 * answered is on disk. Its promises reject with StoreError.
 */
export function sqliteStore({ file }: SqliteStoreOptions): ClientStore {
  return createStore(async () => {
    try {
      await makeFile(file)
      return driverOf(await openDatabase(file))
    } catch (error) {
      throw fromSqlite(error)
    }
  })
}

/** For this account alone; SQLite gives its -wal and -shm files the mode of the database. */
async function makeFile(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, 'a', 0o600)
  await handle.close()
}

/** Where many processes start at once, one switches the file to WAL, and the others find it locked for a moment. */
async function openDatabase(file: string): Promise<DatabaseSync> {
  for (let waited = 0; ; waited += POLL) {
    const database = new DatabaseSync(file)
    try {
      // FULL: a commit returns once the log is on disk.
      database.exec(`PRAGMA busy_timeout = ${BUSY}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`)
      return database
    } catch (error) {
      database.close()
      if (!isBusy(error) || waited >= OPENING) throw error
    }
    await sleep(POLL)
  }
}

/** All of it is synchronous, so that nothing comes between the statements of a verb. */
function driverOf(database: DatabaseSync): Driver {
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  const all = (sql: string, values: readonly Bindable[]): readonly Row[] => {
    const statement = prepared.get(sql) ?? database.prepare(sql)
    prepared.set(sql, statement)
    return statement.all(...values)
  }
  return {
    run: async (sql, values) => guarded(() => all(sql, values)),
    transact: async (verb) =>
      guarded(() => {
        // IMMEDIATE: waits for its turn here; one that becomes a writer later can only fail.
        database.exec('BEGIN IMMEDIATE')
        try {
          const result = drive(verb(), all)
          database.exec('COMMIT')
          return result
        } catch (error) {
          rollBack(database)
          throw error
        }
      }),
    beforeTables: [],
    close: async () => database.close(),
  }
}

function drive<T>(verb: Verb<T>, all: (sql: string, values: readonly Bindable[]) => readonly Row[]): T {
  let step = verb.next([])
  while (step.done !== true) step = verb.next(all(step.value.sql, step.value.values))
  return step.value
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // SQLite itself gave the transaction up, as on a full disk.
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw fromSqlite(error)
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY

const fromSqlite = (error: unknown): StoreError =>
  error instanceof StoreError
    ? error
    : new StoreError(`SQLite: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
