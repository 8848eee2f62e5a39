import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, SqliteDialect } from 'kysely'
import { backup } from './backup.ts'
import { type DataFolder, dataFolder, hasDatabase, prepareDataFolder } from './data-folder.ts'
import {
  checkKnown,
  type Migratable,
  type MigrationStatus,
  migrateToLatest,
  readMigrationStatus,
} from './migrate.ts'
import { MIGRATIONS } from './migrations/index.ts'
import type { Database } from './schema.ts'
import { openSqliteConnection, type SqliteConnection } from './sqlite-connection.ts'
import { fromSqlite, isLocked } from './sqlite-error.ts'
import { StorageError } from './storage-error.ts'

/** An open embedded database, its tables those of this program. */
export type SqliteDatabase = {
  readonly connection: SqliteConnection
  readonly db: Kysely<Database>
  readonly backup: (file: string) => Promise<void>
}

/** Written into the file's header: 'door'. */
const APPLICATION_ID = 0x646f6f72
const LOCK_MILLISECONDS = 60_000
const LOCK_POLL_MILLISECONDS = 20

/**
 * Opens the database of a data folder, making and migrating it where that is needed. Any number of processes may
 * do so at once. Throws StorageError.
 */
export async function openSqliteDatabase(folder: string): Promise<SqliteDatabase> {
  const files = dataFolder(folder)
  await prepareDataFolder(files)
  try {
    const release = await lockMigrations(files)
    try {
      return await open(files)
    } finally {
      release()
    }
  } catch (error) {
    throw fromSqlite(error)
  }
}

async function open(files: DataFolder): Promise<SqliteDatabase> {
  const connection = openSqliteConnection(files.database)
  try {
    const db = await prepare(connection)
    return { connection, db, backup: (file) => backup(files.database, file) }
  } catch (error) {
    connection.close()
    throw error
  }
}

/** What migrations have run in a data folder. Makes nothing, not even the folder. */
export async function sqliteMigrationStatus(folder: string): Promise<MigrationStatus> {
  const files = dataFolder(folder)
  if (!(await hasDatabase(files)))
    return { applied: [], pending: Object.keys(MIGRATIONS).sort(), writtenBy: null }
  try {
    const connection = openSqliteConnection(files.database)
    try {
      return await readMigrationStatus(migratable(connection, kyselyOn(connection)))
    } finally {
      connection.close()
    }
  } catch (error) {
    throw fromSqlite(error)
  }
}

async function prepare(connection: SqliteConnection): Promise<Kysely<Database>> {
  checkOurs(connection)
  // FULL: a commit returns only once the log is on disk. Savepoints undo in memory.
  for (const pragma of [
    // Of a new file: rows lie far apart in a large store, and twice as many of these are kept as of SQLite's own 4096.
    'page_size = 2048',
    'journal_mode = WAL',
    'synchronous = FULL',
    'temp_store = MEMORY',
    // KiB: what is asked for again and again; the rest is in the system's own cache.
    'cache_size = -8192',
    // Moving what the log holds into the file stops every request meanwhile. Fewer pages at a time cost more in all.
    'wal_autocheckpoint = 1000',
    // After a long reader (a backup) let the log grow, it is cut back to this.
    'journal_size_limit = 67108864',
  ]) {
    connection.exec(`PRAGMA ${pragma}`)
  }
  const db = kyselyOn(connection)
  const target = migratable(connection, db)
  const status = await readMigrationStatus(target)
  checkKnown(status)
  if (status.pending.length === 0) return db
  // The Migrator opens no transaction on SQLite, so that a crash would leave half a migration.
  connection.exec('BEGIN IMMEDIATE')
  await migrateToLatest(target)
  connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
  connection.exec('COMMIT')
  return db
}

/** A SQLite file of another program stays as it is. */
function checkOurs(connection: SqliteConnection): void {
  const [header] = connection.all('SELECT application_id AS id FROM pragma_application_id', [])
  if (header?.id === APPLICATION_ID) return
  const tables = connection.all("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 1", [])
  if (tables.length === 0) return
  throw new StorageError(
    'foreign',
    'The file doorward.db belongs to another program. Use another data folder, or move the file away.',
  )
}

/** Kysely over an open connection: to compile with, and for migrations. */
function kyselyOn(connection: SqliteConnection): Kysely<Database> {
  const all = (sql: string, values: readonly unknown[]) => connection.all(sql, values.filter(isBindable))
  const prepare = (sql: string) => ({
    reader: true,
    all: (values: readonly unknown[]) => [...all(sql, values)],
    run: () => ({ changes: 0, lastInsertRowid: 0 }),
    iterate: (values: readonly unknown[]) => all(sql, values).values(),
  })
  return new Kysely<Database>({ dialect: new SqliteDialect({ database: { prepare, close: () => {} } }) })
}

const isBindable = (value: unknown): value is string | number | null =>
  value === null || typeof value === 'string' || typeof value === 'number'

function migratable(connection: SqliteConnection, db: Kysely<Database>): Migratable {
  const find = 'SELECT name FROM sqlite_master WHERE type = ? AND name = ?'
  const hasTable = async (name: string) => connection.all(find, ['table', name]).length > 0
  return { kind: 'sqlite', db, schema: null, hasTable }
}

/** Waits without blocking the process, which may hold the lock itself. */
async function lockMigrations(files: DataFolder): Promise<() => void> {
  const lock = openSqliteConnection(files.migrationLock, 0)
  for (let waited = 0; !tryLock(lock); waited += LOCK_POLL_MILLISECONDS) {
    if (waited >= LOCK_MILLISECONDS) {
      lock.close()
      throw new StorageError(
        'unavailable',
        'Another process has been changing the tables for a minute. Wait for it, or end it, and try again.',
      )
    }
    await sleep(LOCK_POLL_MILLISECONDS)
  }
  return () => lock.close()
}

function tryLock(lock: SqliteConnection): boolean {
  try {
    lock.exec('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if (isLocked(error)) return false
    lock.close()
    throw error
  }
}
