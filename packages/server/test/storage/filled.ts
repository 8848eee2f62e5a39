import type { Place } from './contract/backend.ts'
import { NOW } from './contract/samples.ts'

/** So many that a database would rather use an index than read them all. */
const ROWS = 5_000

/** Of what there are few different values; of everything else there is one a row. */
const DIFFERENT: Readonly<Record<string, number>> = {
  client_id: 20,
  user_id: 1_000,
  sid: 2_000,
  alg: 3,
  kind: 2,
  endpoint: 2,
  offline: 2,
  generation: 2,
  has_backchannel_logout: 2,
}

/** Their rows name rows of others. */
const CHILDREN = ['role_permissions', 'role_holders', 'connections']

/** How each database lists the columns that rows have to be made for. */
export const COLUMNS = {
  sqlite: `
    SELECT m.name AS "table", c.name, c.type = 'TEXT' AS text, c."notnull" = 0 AS optional, c.pk > 0 AS key
    FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
    WHERE m.type = 'table' AND c.type <> 'INTEGER' AND m.name NOT GLOB 'migrations*' AND m.name NOT GLOB 'sqlite_*'`,
  postgres: `
    SELECT c.table_name AS "table", c.column_name AS name, c.data_type = 'text' AS text, c.is_nullable = 'YES' AS optional,
      k.column_name IS NOT NULL AS key
    FROM information_schema.columns AS c
    LEFT JOIN information_schema.key_column_usage AS k
      ON k.table_name = c.table_name AND k.column_name = c.column_name AND k.constraint_name LIKE '%\\_key'
    WHERE c.table_schema = 'doorward' AND c.column_default IS NULL AND c.table_name NOT LIKE 'migrations%'`,
}

type Column = {
  readonly table: string
  readonly name: string
  readonly text: boolean
  readonly optional: boolean
  readonly key: boolean
}

/** Puts thousands of rows into every table there is, whichever the migrations have made. */
export async function fillEveryTable(place: Place, columns: string): Promise<void> {
  const found = (await place.run(columns)).map(toColumn)
  const tables = [...Map.groupBy(found, ({ table }) => table)]
  tables.sort(([one], [other]) => CHILDREN.indexOf(one) - CHILDREN.indexOf(other))
  for (const [table, own] of tables) {
    await place.run(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
       INSERT INTO ${table} (${own.map(({ name }) => name).join(', ')}) SELECT ${own.map(sampleOf).join(', ')} FROM n`,
    )
  }
}

function toColumn(row: Readonly<Record<string, unknown>>): Column {
  return {
    table: String(row.table),
    name: String(row.name),
    text: Boolean(row.text),
    optional: Boolean(row.optional),
    key: Boolean(row.key),
  }
}

function sampleOf({ name, text, optional, key }: Column): string {
  const few = key ? undefined : DIFFERENT[name]
  const number = few === undefined ? 'i' : `1 + i % ${few}`
  const value = text ? `'x' || (${number})` : `${NOW} + ${number}`
  // What may be null tells of something that has happened, to one in ten.
  return optional ? `CASE WHEN i % 10 = 0 THEN ${value} END` : value
}
