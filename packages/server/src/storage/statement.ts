import { sha256 } from '@doorward/core/crypto'
import type { Compilable, DeleteResult, InsertResult, Kysely, UpdateResult } from 'kysely'
import type { Swept } from './ports.ts'
import type { Database } from './schema.ts'

/** A value that both databases take. */
export type Bindable = string | number | null
type Values = Readonly<Record<string, Bindable>>

/** A statement over named values, written once for both databases and compiled once per open storage. */
type Statement<V, Row> = {
  readonly build: (db: Kysely<Database>, values: V) => Compilable<Row>
}

/** What a verb asks its database to run next. */
export type Step = { readonly statement: Statement<never, unknown>; readonly values: Values }

/**
 * A storage verb: it yields statements, is handed what the database answers, and returns its result. One text of it
 * runs on a synchronous driver and on an asynchronous one.
 */
export type Verb<Result> = Generator<Step, Result, Answer>

/** What a database answers to a statement. */
export type Answer = {
  readonly rows: readonly unknown[]
  /** How many rows it inserted, changed or deleted, or how many it answers. */
  readonly count: number
}

/** How verbs are run: the only thing a noun's file knows of its database. All throw StorageError. */
export type Runner = {
  /** Sees durable state only. */
  readonly read: <T>(verb: () => Verb<T>) => Promise<T>
  /** Takes effect entirely or not at all; resolves once it is on disk. The verb may be run again, after a lost race
   *  or because one beside it failed: it has no effect but its statements. */
  readonly write: <T>(verb: () => Verb<T>) => Promise<T>
  /** A write of one statement, which is whole by itself. */
  readonly writeOne: <T>(verb: () => Verb<T>) => Promise<T>
  /** A write that removes rows in the background and answers how many. See Sweep and Maintenance.sweepMs. */
  readonly sweep: (verb: () => Verb<number>) => Promise<Swept>
  readonly sweepMs: number
  /** See Outbox.changedElsewhere. */
  readonly changedElsewhere: () => boolean
}

/**
 * Declares a statement. `values` are placeholders while it is built: they can be compared, stored and passed
 * on, but computing with one throws, for its value comes later.
 */
export function statement<V extends Values, Row>(
  build: (db: Kysely<Database>, values: V) => Compilable<Row>,
): Statement<V, Row> {
  return { build }
}

/** Does not fit a statement that changes rows and returns none: `count` says how many. */
type HasRows<Row> = Row extends InsertResult | UpdateResult | DeleteResult ? never : unknown

/** Runs a statement: all its rows. */
export function* rows<V extends Values, Row>(
  run: Statement<V, Row> & HasRows<Row>,
  values: V,
): Verb<readonly Row[]> {
  // The rows are typed here and nowhere else: Row is what Kysely says the statement returns.
  return (yield { statement: run, values }).rows as readonly Row[]
}

/** Runs a statement: its first row, or null. */
export function* row<V extends Values, Row>(
  run: Statement<V, Row> & HasRows<Row>,
  values: V,
): Verb<Row | null> {
  return ((yield { statement: run, values }).rows[0] as Row | undefined) ?? null
}

/** Runs a statement: how many rows it changed. It needs no RETURNING, for which SQLite fills a table each time. */
export function* count<V extends Values, Row>(run: Statement<V, Row>, values: V): Verb<number> {
  return (yield { statement: run, values }).count
}

/** A statement as its database takes it. */
export type Compiled = {
  readonly sql: string
  /** The same for the same text, so that servers can keep what they prepared. */
  readonly name: string
  readonly bind: (values: Values) => Bindable[]
}

/** Compiles statements for one database, each at its first use. */
export function createCompiler(db: Kysely<Database>): (run: Step['statement']) => Compiled {
  const compiled = new Map<Step['statement'], Compiled>()
  return (run) => {
    const known = compiled.get(run)
    if (known !== undefined) return known
    const fresh = compile(db, run)
    compiled.set(run, fresh)
    return fresh
  }
}

// A placeholder is a symbol: JavaScript itself refuses to add to it or to print it.
const placeholders = new Proxy({}, { get: (_target, name) => Symbol(String(name)) })

function compile(db: Kysely<Database>, run: Step['statement']): Compiled {
  const { sql, parameters } = run.build(db, placeholders as never).compile()
  const slots = parameters.map((parameter) => {
    if (typeof parameter === 'symbol') return { name: parameter.description ?? '', constant: null }
    return { name: null, constant: parameter as Bindable }
  })
  return {
    sql,
    name: `doorward_${sha256(sql).slice(0, 20)}`,
    bind: (values) => slots.map((slot) => (slot.name === null ? slot.constant : (values[slot.name] ?? null))),
  }
}

/**
 * Runs each COMMIT that has something to answer for. Tests hold it, watch it or make it fail: no promise of a
 * write resolves before it has called `commit` and returned.
 */
export type AroundCommit = (commit: () => void | Promise<void>) => void | Promise<void>
