import pg from 'pg'
import { createDatabase } from '../../../../tests/support/postgres.ts'
import { openStorage } from '../../src/storage/open.ts'
import type { Backend, Place } from './contract/backend.ts'

/** An empty PostgreSQL database. */
export async function createPostgresPlace(): Promise<Place & { readonly databaseUrl: string }> {
  const { url, drop } = await createDatabase()
  const target = { databaseUrl: url, poolSize: 8 }
  const run: Place['run'] = async (sql) => {
    const client = new pg.Client({ connectionString: url, options: '-c search_path=doorward' })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }
  return {
    databaseUrl: url,
    target,
    open: (options) => openStorage(target, options),
    run,
    empty: async () => {
      const tables = await run("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'doorward'")
      const names = tables
        .map(({ name }) => String(name))
        .filter((name) => !/^(?:migrations|meta)/.test(name))
      await run(`TRUNCATE ${names.join(', ')}`)
    },
    remove: drop,
  }
}

export const postgres: Backend = {
  name: 'PostgreSQL',
  shows: 'with the news',
  createPlace: createPostgresPlace,
}
