import { mkdir } from 'node:fs/promises'
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteQueryCompiler,
} from 'kysely'
import { initial } from '../../src/storage/migrations/0001-initial.ts'
import type { DatabaseKind } from '../../src/storage/migrations/index.ts'
import type { Place } from './contract/backend.ts'

/** Makes an empty place what the first version of the program made of it. */
export async function makeFirstSchema(place: Place, kind: DatabaseKind): Promise<void> {
  if ('dataDir' in place.target) await mkdir(place.target.dataDir)
  const before =
    kind === 'sqlite'
      ? ['PRAGMA journal_mode = WAL', `PRAGMA application_id = ${0x646f6f72}`]
      : ['CREATE SCHEMA doorward']
  const notes = [
    'CREATE TABLE migrations (name varchar(255) NOT NULL PRIMARY KEY, timestamp varchar(255) NOT NULL)',
    "INSERT INTO migrations VALUES ('0001_initial', '2026-01-01T00:00:00.000Z')",
    "INSERT INTO meta VALUES ('written_by', '0.1.0')",
  ]
  for (const sql of [...before, ...(await statementsOf(kind)), ...notes]) await place.run(sql)
}

/** The first migration's own statements. */
async function statementsOf(kind: DatabaseKind): Promise<readonly string[]> {
  const statements: string[] = []
  const db = new Kysely({
    dialect: {
      createAdapter: () => (kind === 'sqlite' ? new SqliteAdapter() : new PostgresAdapter()),
      createDriver: () => new DummyDriver(),
      createIntrospector: (own) => new PostgresIntrospector(own),
      createQueryCompiler: () =>
        kind === 'sqlite' ? new SqliteQueryCompiler() : new PostgresQueryCompiler(),
    },
    log: ({ query }) => {
      statements.push(query.sql)
    },
  })
  await initial(db, kind)
  return statements
}

/** Puts a row into a table as it is. */
export async function insertRow(
  place: Place,
  table: string,
  row: Readonly<Record<string, string | number | null>>,
): Promise<void> {
  const literal = (value: string | number | null) =>
    typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
  await place.run(
    `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).map(literal).join(', ')})`,
  )
}
