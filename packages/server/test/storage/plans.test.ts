import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { PostgresRunner } from '../../src/storage/postgres.ts'
import { openPostgresDatabase } from '../../src/storage/postgres-database.ts'
import { SqliteRunner } from '../../src/storage/sqlite.ts'
import { openSqliteDatabase } from '../../src/storage/sqlite-database.ts'
import { createCompiler } from '../../src/storage/statement.ts'
import { createStorage } from '../../src/storage/storage.ts'
import { callEveryVerb } from './everything.ts'
import { createPostgresPlace } from './postgres-place.ts'
import { recording } from './recording.ts'
import { createSqlitePlace } from './sqlite-place.ts'

/**
 * What may read a table from end to end: what an operator lists or counts, and the few deleted clients that the
 * sweep goes through. Everything else finds its rows by an index, however many there are.
 */
const WHOLE = [
  /^select count\(\*\) as "total" from (?:"doorward"\.)?"users"$/,
  /^select .* from (?:"doorward"\.)?"(?:resources|roles|role_permissions|role_holders)" order by/,
  /^select "client_id" from (?:"doorward"\.)?"client_removals" order by/,
]
const mayScan = (sql: string): boolean => WHOLE.some((pattern) => pattern.test(sql))
const own = { backup: async () => {}, close: async () => {} }

describe('query plans', () => {
  it('on SQLite read no table from end to end', async () => {
    const place = await createSqlitePlace()
    const { connection, db } = await openSqliteDatabase(place.dataDir)
    const compile = createCompiler(db)
    const { run, statements } = recording(new SqliteRunner(connection, { compile, aroundCommit: null }))
    await callEveryVerb(createStorage(run, own))
    const scans = [...statements].flatMap((statement) => {
      const { sql } = compile(statement)
      const plan = connection.all(`EXPLAIN QUERY PLAN ${sql}`, []).map((step) => String(step.detail))
      // 'old' is the sweep's own batch; CONSTANT ROW is no table.
      const scanned = plan.filter((detail) => /^SCAN (?!CONSTANT ROW|old$)/.test(detail))
      return scanned.length > 0 && !mayScan(sql) ? [{ sql, scanned }] : []
    })
    expect(scans).toEqual([])
    expect(statements.size).toBeGreaterThan(90)
    connection.close()
    await place.remove()
  })

  it('on PostgreSQL could do without reading a table from end to end', async () => {
    const place = await createPostgresPlace()
    const { pool, db } = await openPostgresDatabase(place)
    const compile = createCompiler(db)
    const { run, statements } = recording(new PostgresRunner(pool, { compile, aroundCommit: null }))
    await callEveryVerb(createStorage(run, own))
    const client = new pg.Client({ connectionString: place.databaseUrl })
    await client.connect()
    // Tables of few rows are read whole by right; switched off, only statements without an index still do.
    await client.query('SET enable_seqscan = off')
    const scans: unknown[] = []
    for (const statement of statements) {
      const { sql } = compile(statement)
      const { rows } = await client.query(`EXPLAIN (GENERIC_PLAN) ${sql}`)
      const scanned = rows.map((row) => String(row['QUERY PLAN'])).filter((line) => line.includes('Seq Scan'))
      if (scanned.length > 0 && !mayScan(sql)) scans.push({ sql, scanned })
    }
    expect(scans).toEqual([])
    await client.end()
    await pool.end()
    await place.remove()
  })
})
