import { backup, DatabaseSync } from 'node:sqlite'
import { BoundedMap } from '../memory/bounded-map.ts'
import type { Answer, Bindable } from './statement.ts'

/** One open SQLite file. All but `backup` is synchronous, and all throws the driver's own errors. */
export type SqliteConnection = {
  readonly run: (sql: string, values: readonly Bindable[]) => Answer
  /** The rows alone. */
  readonly all: (sql: string, values: readonly Bindable[]) => readonly Row[]
  readonly exec: (sql: string) => void
  readonly inTransaction: () => boolean
  readonly backup: (file: string) => Promise<unknown>
  readonly close: () => void
}
type Row = Readonly<Record<string, unknown>>
type Prepared = (values: readonly Bindable[]) => Answer & { readonly rows: readonly Row[] }

/** More texts than the program has; the oldest is forgotten first. */
const MOST_STATEMENTS = 256

/** Milliseconds that a statement waits for another connection's transaction. */
const BUSY_MILLISECONDS = 5000

/** Opens a file with node:sqlite; nothing else knows of it. `busyTimeout` is in milliseconds, 5,000 unless told. */
export function openSqliteConnection(file: string, busyTimeout = BUSY_MILLISECONDS): SqliteConnection {
  const database = new DatabaseSync(file, { timeout: busyTimeout, enableForeignKeyConstraints: true })
  const statements = new BoundedMap<string, Prepared>(MOST_STATEMENTS)
  const prepare = (sql: string): Prepared => {
    const statement = database.prepare(sql)
    // Rows as arrays, then made objects here: four times as fast for a row of thirty columns. Without a prototype V8
    // keeps them as tables from the start, where it would else turn them into one half-way.
    statement.setReturnArrays(true)
    const names = statement.columns().map((column) => column.name)
    const toRow = (cells: Row): Row => {
      const row: Record<string, unknown> = Object.create(null)
      let at = 0
      for (const name of names) row[name] = cells[at++]
      return row
    }
    const ask: Prepared = (values) => {
      const rows = statement.all(...values).map(toRow)
      return { rows, count: rows.length }
    }
    const change: Prepared = (values) => ({ rows: [], count: Number(statement.run(...values).changes) })
    const prepared = names.length > 0 ? ask : change
    statements.set(sql, prepared)
    return prepared
  }
  const run = (sql: string, values: readonly Bindable[]) => (statements.get(sql) ?? prepare(sql))(values)
  return {
    run,
    all: (sql, values) => run(sql, values).rows,
    exec: (sql) => database.exec(sql),
    inTransaction: () => database.isTransaction,
    // One step for all pages: between steps, a write from elsewhere would make it begin anew.
    backup: (target) => backup(database, target, { rate: 2 ** 31 - 1 }),
    close: () => database.close(),
  }
}
