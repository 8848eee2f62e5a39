import pg from 'pg'
import { expect, it, vi } from 'vitest'
import { openPostgresDatabase } from '../../src/storage/postgres-database.ts'
import { openSqliteDatabase } from '../../src/storage/sqlite-database.ts'
import {
  type Bindable,
  type Compiled,
  createCompiler,
  type Step,
  statement,
} from '../../src/storage/statement.ts'
import '../../src/storage/storage.ts'
import { NOW } from './contract/samples.ts'
import { COLUMNS, fillEveryTable } from './filled.ts'
import { postgresFaults, sqliteFaults } from './plan-faults.ts'
import { createPostgresPlace } from './postgres-place.ts'
import { createSqlitePlace } from './sqlite-place.ts'

// Watched, not replaced: who declares a statement is written down, so that none can be left out below.
vi.mock('../../src/storage/statement.ts', { spy: true })

const declared = vi.mocked(statement).mock.results.map(({ value }) => value as Step['statement'])

/** What may read a whole table or sort, each with its reason; all else finds its rows, in order, by an index. */
const ALLOWED: readonly { readonly sql: RegExp; readonly why: string }[] = [
  {
    sql: /^select .* from "(?:resources|roles|role_permissions|role_holders)" order by/,
    why: 'what an operator lists, and the server remembers: dozens of rows',
  },
  { sql: /^select .* from "signing_keys" where .* order by/, why: 'keys are a handful, read once a minute' },
  { sql: /^select count\(\*\) as "total" from "kept_requests"/, why: 'counts what is kept: 10,000 at most' },
  {
    sql: /^select "client_id" from "client_removals" where "removed_at" <= .* order by "client_id" limit/,
    why: 'passes by the clients that were deleted within ten minutes alone, and ends at the first other',
  },
  {
    sql: /^insert into "logout_deliveries" .* select distinct/,
    why: 'sorts the few families of one session',
  },
  {
    sql: /^select "key_id" as "keyId", count\(\*\) as "total" from "connections" group by/,
    why: 'counts once a start, beside requests',
  },
  {
    sql: /^select .* from "consents" .* order by "resource"/,
    why: 'sorts what one person has let one client do',
  },
]

const faultsOf = (sql: string, faults: readonly string[]) => {
  const plain = sql.replaceAll('"doorward".', '')
  return faults.length === 0 || ALLOWED.some((allowed) => allowed.sql.test(plain)) ? [] : [{ sql, faults }]
}

it('knows every statement that storage declares', () => {
  expect(declared.length).toBeGreaterThan(90)
})

it.each(['without statistics', 'with fresh statistics'])(
  'finds rows by an index on SQLite %s',
  async (how) => {
    const place = await createSqlitePlace()
    const { connection, db } = await openSqliteDatabase(place.dataDir)
    await fillEveryTable(place, COLUMNS.sqlite)
    if (how === 'with fresh statistics') connection.exec('ANALYZE')
    const compile = createCompiler(db)
    const found = declared.flatMap((declaration) => {
      const { sql } = compile(declaration)
      const plan = connection.all(`EXPLAIN QUERY PLAN ${sql}`, []).map(({ detail }) => String(detail))
      return faultsOf(sql, sqliteFaults(plan))
    })
    expect(found).toEqual([])
    connection.close()
    await place.remove()
  },
)

/** A statement's parameters by their names; what is constant in it is its value. */
const names = new Proxy<Record<string, string>>({}, { get: (_target, name) => String(name) })

/**
 * Values of the types that PostgreSQL finds: ids that nobody has, and a moment when almost nothing has expired. Its plan
 * is made for them, as it is in the server, where it is kept only while it is no worse than one of its own.
 */
async function sample(client: pg.Client, { sql, bind }: Compiled): Promise<readonly Bindable[]> {
  await client.query(`PREPARE sampled AS ${sql}`)
  const { rows } = await client.query(
    "SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'sampled'",
  )
  await client.query('DEALLOCATE sampled')
  return bind(names).map((name, at) => {
    if (typeof name !== 'string' || rows[0].types[at] !== 'bigint') return name
    return /^(?:batch|limit)$/.test(name) ? 50 : NOW + 10
  })
}

it('finds rows by an index on PostgreSQL', async () => {
  const place = await createPostgresPlace()
  const { pool, db } = await openPostgresDatabase(place)
  await fillEveryTable(place, COLUMNS.postgres)
  const client = new pg.Client({ connectionString: place.databaseUrl })
  await client.connect()
  await client.query('VACUUM ANALYZE')
  const compile = createCompiler(db)
  const found: unknown[] = []
  for (const declaration of declared) {
    const compiled = compile(declaration)
    const explain = `EXPLAIN (FORMAT JSON) ${compiled.sql}`
    const { rows } = await client.query(explain, [...(await sample(client, compiled))])
    found.push(...faultsOf(compiled.sql, postgresFaults(rows[0]['QUERY PLAN'][0].Plan)))
  }
  expect(found).toEqual([])
  await client.end()
  await pool.end()
  await place.remove()
})
