import { hash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Dialect, Rows, Setting } from './population.ts'

/** With Node's own SHA-256, made known to SQLite. */
export const sqliteDialect: Dialect = {
  sha256: (text) => `sha256(${text})`,
  time: (second, millisecond) => `printf('%08x%03d', ${second}, ${millisecond})`,
}

function open(dataDir: string): DatabaseSync {
  const database = new DatabaseSync(join(dataDir, 'doorward.db'), { timeout: 5_000 })
  database.function('sha256', { deterministic: true }, (text) => hash('sha256', String(text), 'base64url'))
  return database
}

/** Fills an embedded database that nobody has open. Answers the size of its file in bytes. */
export function fillSqlite(dataDir: string, tables: readonly Rows[], note: (text: string) => void): number {
  const database = open(dataDir)
  // Nobody waits for these rows to be safe: who loses power seeds again.
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -6000000']) {
    database.exec(`PRAGMA ${pragma}`)
  }
  for (const rows of tables) {
    const started = performance.now()
    fillTable(database, rows)
    note(`${rows.table}: ${rows.count} rows in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  }
  database.exec('PRAGMA journal_mode = WAL')
  database.close()
  return statSync(join(dataDir, 'doorward.db')).size
}

/** Without its indexes, which are made anew afterwards: SQLite sorts for them. */
function fillTable(database: DatabaseSync, rows: Rows): void {
  const indexes = database
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")
    .all(rows.table)
  database.exec('BEGIN')
  for (const { name } of indexes) database.exec(`DROP INDEX "${name}"`)
  database.exec(insert(rows))
  for (const { sql } of indexes) database.exec(String(sql))
  database.exec('COMMIT')
}

/** Adds a few rows to a database that a server may have open. */
export function addToSqlite(dataDir: string, rows: Rows): void {
  const database = open(dataDir)
  database.exec(insert(rows))
  database.close()
}

/** Sessions that were used in an earlier run end when they were going to end before. */
export function wakeSessions(dataDir: string, { now }: Pick<Setting, 'now'>): void {
  const database = open(dataDir)
  database
    .prepare(
      'UPDATE sessions SET idle_expires_at = expires_at WHERE idle_expires_at > ? AND idle_expires_at < expires_at',
    )
    .run(now)
  database.close()
}

/** When the refresh token expires that expires first, in seconds. */
export function oldestExpiry(dataDir: string): number {
  const database = open(dataDir)
  const oldest = database.prepare('SELECT min(expires_at) AS oldest FROM refresh_tokens').get()
  database.close()
  return Number(oldest?.oldest)
}

const insert = ({ table, first, count, columns }: Rows): string =>
  `WITH RECURSIVE n(i) AS (SELECT ${first} UNION ALL SELECT i + 1 FROM n WHERE i < ${first + count - 1})
   INSERT INTO ${table} (${Object.keys(columns).join(', ')})
   SELECT ${Object.values(columns).join(', ')} FROM n WHERE ${count} > 0`
