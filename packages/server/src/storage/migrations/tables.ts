import { type CreateTableBuilder, type SchemaModule, sql } from 'kysely'

/** Which database a migration runs on. */
export type DatabaseKind = 'sqlite' | 'postgres'

/** What a migration changes. */
export type Buildable = { readonly schema: SchemaModule }

/** '?' may be null. 'integer' has 64 bits; 'serial' numbers the rows itself. */
type ColumnType = 'text' | 'text?' | 'integer' | 'integer?' | 'serial'

/** A table as data, for migrations to create. */
export type Table = {
  readonly name: string
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly key: readonly string[]
  readonly unique?: readonly string[]
  readonly indexes?: readonly (readonly string[])[]
  /** column → table whose key it names; its rows go with that one's. */
  readonly parents?: Readonly<Record<string, string>>
  /** Small rows found by their key: SQLite then writes one tree instead of two. PostgreSQL has no such thing. */
  readonly clustered?: true
}

/** Creates tables with their indexes. */
export async function createTables(
  db: Buildable,
  kind: DatabaseKind,
  tables: readonly Table[],
): Promise<void> {
  for (const table of tables) {
    await createTable(db, kind, table)
    for (const columns of table.indexes ?? []) {
      const index = db.schema.createIndex(`${table.name}_${columns.join('_')}`).on(table.name)
      await index.columns([...columns]).execute()
    }
  }
}

async function createTable(db: Buildable, kind: DatabaseKind, table: Table): Promise<void> {
  let create: CreateTableBuilder<string, string> = db.schema.createTable(table.name)
  for (const [name, type] of Object.entries(table.columns)) {
    const parent = table.parents?.[name]
    create = create.addColumn(name, dataType(type, kind), (column) => {
      if (type === 'serial')
        return kind === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey()
      const sized = type.endsWith('?') ? column : column.notNull()
      return parent === undefined ? sized : sized.references(parent).onDelete('cascade')
    })
  }
  const [first, ...rest] = table.key
  if (first !== undefined) create = create.addPrimaryKeyConstraint(`${table.name}_key`, [first, ...rest])
  for (const name of table.unique ?? []) create = create.addUniqueConstraint(`${table.name}_${name}`, [name])
  if (table.clustered === true && kind === 'sqlite') create = create.modifyEnd(sql`without rowid`)
  await create.execute()
}

function dataType(type: ColumnType, kind: DatabaseKind) {
  if (type === 'serial') return kind === 'sqlite' ? 'integer' : 'bigserial'
  return type.startsWith('text') ? 'text' : 'bigint'
}
