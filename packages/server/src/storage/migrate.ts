import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { programVersion } from '../version.ts'
import { type DatabaseKind, MIGRATIONS } from './migrations/index.ts'
import type { Database } from './schema.ts'
import { StorageError } from './storage-error.ts'

/** Where a database's tables stand; `doorward migrate` prints it. */
export type MigrationStatus = {
  readonly applied: readonly string[]
  readonly pending: readonly string[]
  /** The program that last changed the tables; null where there are none yet. */
  readonly writtenBy: string | null
}

/** A database as migrations need it. */
export type Migratable = {
  readonly kind: DatabaseKind
  readonly db: Kysely<Database>
  /** Where the tables are, in a database that has such a thing. */
  readonly schema: string | null
  readonly hasTable: (name: string) => Promise<boolean>
}

const TABLE = 'migrations'
const WRITTEN_BY = 'written_by'

/** What has run and what would. Changes nothing. */
export async function readMigrationStatus(target: Migratable): Promise<MigrationStatus> {
  const names = Object.keys(MIGRATIONS).sort()
  if (!(await target.hasTable(TABLE))) return { applied: [], pending: names, writtenBy: null }
  const db = within(target.schema, target.db)
  const records = db.$extendTables<{ [TABLE]: { name: string } }>()
  const executed = await records.selectFrom(TABLE).select('name').orderBy('name').execute()
  const applied = executed.map((migration) => migration.name)
  const writer = (await target.hasTable('meta'))
    ? await db.selectFrom('meta').select('value').where('name', '=', WRITTEN_BY).executeTakeFirst()
    : undefined
  return {
    applied,
    pending: names.filter((name) => !applied.includes(name)),
    writtenBy: writer?.value ?? null,
  }
}

/** Throws StorageError 'newer_schema' where the database has tables this program does not know. */
export function checkKnown(status: MigrationStatus): void {
  const unknown = status.applied.filter((name) => !(name in MIGRATIONS))
  if (unknown.length === 0) return
  const version = status.writtenBy ?? 'a newer version'
  throw new StorageError(
    'newer_schema',
    `The database was last changed by doorward ${version}; this is doorward ${programVersion()}, which does not know its tables. ` +
      `Run doorward ${version} or newer on it.`,
  )
}

/** Brings the tables to this program's, each migration with the note of who wrote it. */
export async function migrateToLatest(target: Migratable): Promise<void> {
  const migrator = new Migrator({
    db: target.db,
    migrationTableName: TABLE,
    migrationLockTableName: `${TABLE}_lock`,
    ...(target.schema === null ? {} : { migrationTableSchema: target.schema }),
    provider: { getMigrations: async () => migrationsFor(target) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}

const within = (schema: string | null, db: Kysely<Database>): Kysely<Database> =>
  schema === null ? db : db.withSchema(schema)

function migrationsFor(target: Migratable) {
  const entries = Object.entries(MIGRATIONS).map(([name, run]) => {
    const up = async (connected: Kysely<Database>): Promise<void> => {
      const db = within(target.schema, connected)
      await run(db, target.kind)
      const note = { name: WRITTEN_BY, value: programVersion() }
      await db
        .insertInto('meta')
        .values(note)
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: note.value }))
        .execute()
    }
    return [name, { up }] as const
  })
  return Object.fromEntries(entries)
}
