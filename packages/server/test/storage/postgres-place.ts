import pg from 'pg'
import { createDatabase } from '../../../../tests/support/postgres.ts'
import { openStorage } from '../../src/storage/open.ts'
import type { Backend, Place } from './contract/backend.ts'

/** An empty PostgreSQL database. */
export async function createPostgresPlace(): Promise<Place & { readonly databaseUrl: string }> {
  const { url, drop } = await createDatabase()
  const target = { databaseUrl: url, poolSize: 8 }
  return {
    databaseUrl: url,
    target,
    open: (options) => openStorage(target, options),
    run: async (sql) => {
      const client = new pg.Client({ connectionString: url, options: '-c search_path=doorward' })
      await client.connect()
      try {
        return (await client.query(sql)).rows
      } finally {
        await client.end()
      }
    },
    remove: drop,
  }
}

export const postgres: Backend = { name: 'PostgreSQL', createPlace: createPostgresPlace }
