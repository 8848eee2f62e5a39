/** A value that both databases take. */
export type Bindable = string | number | null
export type Row = Readonly<Record<string, unknown>>

/** A statement with `?` for each of its values. Tables are named `doorward_…`; see each driver for what they become. */
export type Statement = { readonly sql: string; readonly values: readonly Bindable[] }

/**
 * Several statements that take effect together: yields each and is handed its rows. One text of it runs on a
 * synchronous database and on an asynchronous one.
 */
export type Verb<Result> = Generator<Statement, Result, readonly Row[]>

/** A database, as the verbs see it. Throws StoreError alone. */
export type Driver = {
  /** Runs one statement, which is whole by itself; answers its rows once they are on disk. */
  readonly run: (sql: string, values: readonly Bindable[]) => Promise<readonly Row[]>
  /** Runs a verb in a write transaction; on PostgreSQL again after a collision. */
  readonly transact: <T>(verb: () => Verb<T>) => Promise<T>
  /** What goes before changing tables, in the same transaction: one process at a time, and a place to put them. */
  readonly beforeTables: readonly string[]
  readonly close: () => Promise<void>
}

/** One statement of a verb: its rows. */
export function* rows(sql: string, values: readonly Bindable[]): Verb<readonly Row[]> {
  return yield { sql, values }
}

/** `(?, ?, ?)` for so many values. */
export const placeholders = (values: readonly Bindable[]): string => `(${values.map(() => '?').join(', ')})`
