import { inspect } from 'node:util'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrationStatus, openStorage } from '../../src/storage/open.ts'
import { openPostgresDatabase } from '../../src/storage/postgres-database.ts'
import { aUser } from './contract/samples.ts'
import { createPostgresPlace } from './postgres-place.ts'

const failure = (opened: Promise<unknown>) =>
  opened.then(
    () => null,
    (error: unknown) => error,
  )

describe('a PostgreSQL database', () => {
  let place: Awaited<ReturnType<typeof createPostgresPlace>>
  beforeEach(async () => {
    place = await createPostgresPlace()
  })
  afterEach(() => place.remove())

  const withClient = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ connectionString: place.databaseUrl })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  it('is shared with an application: its tables stay its own, ours have a schema', async () => {
    await withClient((client) =>
      client.query("CREATE TABLE public.users (name text); INSERT INTO public.users VALUES ('theirs')"),
    )
    const storage = await place.open()
    await storage.users.insert(aUser())
    await storage.close()
    const tables = await withClient((client) =>
      client.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"),
    )
    expect(tables.rows).toEqual([{ table_name: 'users' }])
    expect((await withClient((client) => client.query('SELECT name FROM public.users'))).rows).toEqual([
      { name: 'theirs' },
    ])
  })

  it('commits to disk even where its default is not to', async () => {
    const name = new URL(place.databaseUrl).pathname.slice(1)
    await withClient((client) => client.query(`ALTER DATABASE ${name} SET synchronous_commit = off`))
    const { pool } = await openPostgresDatabase(place)
    const { rows } = await pool.query('SHOW synchronous_commit')
    expect(rows).toEqual([{ synchronous_commit: 'on' }])
    await pool.end()
  })

  it('has no backup of ours, and says what to use', async () => {
    const storage = await place.open()
    const error = await failure(storage.maintenance.backup('/tmp/never-written'))
    expect(error).toMatchObject({ name: 'StorageError', code: 'unsupported' })
    expect(String(error)).toContain('pg_dump')
    await storage.close()
  })

  const password = 'hunter2-of-mine'
  it.each([
    ['has no such user', { username: 'nobody', password }, /refused this account/],
    ['has another password', { password }, /refused this account/],
    ['has no such database', { pathname: '/nowhere' }, /no database of that name/],
    ['does not run there', { port: '1', password }, /cannot be reached/],
  ])('says that it %s, without the password', async (_what, change, message) => {
    const databaseUrl = Object.assign(new URL(place.databaseUrl), change).href
    for (const open of [openStorage, migrationStatus]) {
      const error = await failure(open({ databaseUrl }))
      expect(error).toMatchObject({ name: 'StorageError', code: 'unavailable' })
      expect(String(error)).toMatch(message)
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(password)
    }
  })

  it.each([
    'not a url',
    'https://user:hunter2-of-mine@host/db',
    'postgres://user:hunter2-of-mine@ho st:x/db',
  ])('says that %j is no URL of one, without the password', async (databaseUrl) => {
    const error = await failure(openStorage({ databaseUrl }))
    expect(error).toMatchObject({ name: 'StorageError', code: 'unavailable' })
    expect(String(error)).toContain('postgres://user:password@host:port/database')
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2-of-mine')
  })
})
