import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { createDatabase } from '../../../../tests/support/postgres.ts'
import type { ClientStore } from '../../src/ports.ts'
import { postgresStore } from '../../src/stores/postgres.ts'
import { sqliteStore } from '../../src/stores/sqlite.ts'

/** An empty place for data, on which any number of stores can be opened. */
export type Place = {
  readonly open: () => ClientStore
  /** Runs SQL behind the stores' back; tables are named `doorward_…`. */
  readonly run: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>
  readonly remove: () => Promise<void>
}

/** A kind of database that the contract holds for. */
export type Backend = { readonly name: string; readonly createPlace: () => Promise<Place> }

export type SqlitePlace = Place & { readonly folder: string; readonly file: string }

export const createSqlitePlace = async (): Promise<SqlitePlace> => {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-client-'))
  const file = join(folder, 'data', 'client.db')
  return {
    folder: join(folder, 'data'),
    file,
    open: () => sqliteStore({ file }),
    run: async (sql) => {
      const database = new DatabaseSync(file)
      try {
        database.exec('PRAGMA busy_timeout = 5000')
        return database.prepare(sql).all()
      } finally {
        database.close()
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

export type PostgresPlace = Place & { readonly databaseUrl: string }

export const createPostgresPlace = async (): Promise<PostgresPlace> => {
  const { url, drop } = await createDatabase()
  return {
    databaseUrl: url,
    open: () => postgresStore({ databaseUrl: url, poolSize: 8 }),
    run: async (sql) => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        return (await client.query(sql.replaceAll('doorward_', 'doorward_client.'))).rows
      } finally {
        await client.end()
      }
    },
    remove: drop,
  }
}

export const sqlite: Backend = { name: 'SQLite', createPlace: createSqlitePlace }
export const postgres: Backend = { name: 'PostgreSQL', createPlace: createPostgresPlace }
