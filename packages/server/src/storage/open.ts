import type { MigrationStatus } from './migrate.ts'
import type { Storage } from './ports.ts'
import { PostgresRunner } from './postgres.ts'
import { SqliteRunner } from './sqlite.ts'
import { openSqliteDatabase, sqliteMigrationStatus } from './sqlite-database.ts'
import { type AroundCommit, createCompiler } from './statement.ts'
import { createStorage } from './storage.ts'
import { StorageError } from './storage-error.ts'

/** Where the data is: a folder of its own, or a PostgreSQL database (`poolSize` connections at most, default 10). */
export type StorageTarget =
  | { readonly dataDir: string }
  | { readonly databaseUrl: string; readonly poolSize?: number }

/** What may be changed about an open storage. */
export type StorageOptions = {
  /** For tests: holds, watches or breaks each commit. */
  readonly aroundCommit?: AroundCommit
}

/**
 * Opens a database and brings its tables to this program's; several first starts at once are fine. Throws
 * StorageError: 'newer_schema' where a newer program wrote it, 'foreign', 'corrupt', 'unavailable', 'full'.
 */
export async function openStorage(target: StorageTarget, options: StorageOptions = {}): Promise<Storage> {
  const aroundCommit = options.aroundCommit ?? null
  if ('databaseUrl' in target) {
    // Loaded where it is used: an embedded start has no need of the driver.
    const { openPostgresDatabase } = await import('./postgres-database.ts')
    const { pool, db } = await openPostgresDatabase(target)
    const run = new PostgresRunner(pool, { compile: createCompiler(db), aroundCommit })
    return createStorage(run, { backup: refuseBackup, close: () => run.close() })
  }
  const { connection, db, backup } = await openSqliteDatabase(target.dataDir)
  const run = new SqliteRunner(connection, { compile: createCompiler(db), aroundCommit })
  return createStorage(run, { backup, close: () => run.close() })
}

/** What migrations have run there, and which this program would run. Changes nothing. Throws StorageError. */
export async function migrationStatus(target: StorageTarget): Promise<MigrationStatus> {
  if ('databaseUrl' in target) return (await import('./postgres-database.ts')).postgresMigrationStatus(target)
  return sqliteMigrationStatus(target.dataDir)
}

async function refuseBackup(): Promise<void> {
  throw new StorageError(
    'unsupported',
    'Doorward backs up the embedded database only. Use pg_dump for PostgreSQL.',
  )
}
