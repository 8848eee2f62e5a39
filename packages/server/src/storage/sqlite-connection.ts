import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Bindable } from './statement.ts'

/** One open SQLite file. Everything is synchronous, and throws the driver's own errors. */
export type SqliteConnection = {
  readonly all: (sql: string, values: readonly Bindable[]) => readonly unknown[]
  readonly exec: (sql: string) => void
  readonly inTransaction: () => boolean
  readonly backup: (file: string) => Promise<void>
  readonly close: () => void
}

/** More texts than the program has; the oldest is forgotten first. */
const MOST_STATEMENTS = 256

/** Opens a file with node:sqlite. This is the only place that knows it. */
export function openSqliteConnection(
  file: string,
  options: { readonly busyTimeout: number },
): SqliteConnection {
  const database = new DatabaseSync(file, { timeout: options.busyTimeout, enableForeignKeyConstraints: true })
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const [oldest] = statements.size >= MOST_STATEMENTS ? statements.keys() : []
    if (oldest !== undefined) statements.delete(oldest)
    const fresh = database.prepare(sql)
    statements.set(sql, fresh)
    return fresh
  }
  return {
    all: (sql, values) => prepare(sql).all(...values),
    exec: (sql) => database.exec(sql),
    inTransaction: () => database.isTransaction,
    backup: async (target) => {
      // One step for all pages: a step that lets go of the file would begin anew at each foreign write.
      await (await import('node:sqlite')).backup(database, target, { rate: 2 ** 31 - 1 })
    },
    close: () => database.close(),
  }
}
