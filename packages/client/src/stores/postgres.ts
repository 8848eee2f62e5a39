import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { ClientStore } from '../ports.ts'
import type { Bindable, Driver, Row, Verb } from './driver.ts'
import { createStore } from './store.ts'
import { StoreError } from './store-error.ts'

/** Which database: by its URL, or through a pool that the app has already (and closes itself). */
export type PostgresStoreOptions =
  | {
      /** `postgres://user:password@host:port/database` */
      readonly databaseUrl: string
      /** Most connections of this process. Default 10. */
      readonly poolSize?: number
    }
  | { readonly pool: pg.Pool }

/** The tables have a schema of their own: a database may well be shared with the application's. */
const SCHEMA = 'doorward_client'
/** A number of our own for pg_advisory_xact_lock: 'door', 'clie'. */
const LOCK = '7237125663292680549'
const CONNECT_MILLISECONDS = 5000
const ANSWER_MILLISECONDS = 15_000
/** How often a verb is run before its collisions are told. */
const MOST_ATTEMPTS = 6

/**
 * A store in PostgreSQL, which many machines may share. Connects at first use. Its promises reject with
 * StoreError. Needs the package `pg`.
 */
export function postgresStore(options: PostgresStoreOptions): ClientStore {
  return createStore(async () => {
    if ('pool' in options) return driverOf(options.pool, async () => {})
    const pool = openPool(options.databaseUrl, options.poolSize ?? 10)
    return driverOf(pool, () => pool.end())
  })
}

function openPool(databaseUrl: string, max: number): pg.Pool {
  // The error names no part of the URL: there is a password in it.
  if (!/^postgres(?:ql)?:\/\//.test(databaseUrl) || !URL.canParse(databaseUrl))
    throw new StoreError('The database URL is not of the form postgres://user:password@host:port/database.')
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max,
    application_name: 'doorward-client',
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    query_timeout: ANSWER_MILLISECONDS,
    keepAlive: true,
  })
  // A connection that breaks while idle is replaced at its next use; unheard, the event would end the process.
  pool.on('error', ignore)
  return pool
}

function driverOf(pool: pg.Pool, close: () => Promise<void>): Driver {
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await work()
      } catch (error) {
        if (attempts >= MOST_ATTEMPTS || !isCollision(error)) throw fromPostgres(error)
      }
      // Those that met wait differently long, so that they do not meet again.
      await sleep(Math.random() * 5 * attempts)
    }
  }
  return {
    run: (sql, values) => attempt(() => query(pool, sql, values)),
    transact: (verb) => attempt(() => transact(pool, verb)),
    beforeTables: [`SELECT pg_advisory_xact_lock(${LOCK})`, `CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`],
    close,
  }
}

/** At READ COMMITTED, which every guarded statement is written for: one that waited for a row looks at it again. */
async function transact<T>(pool: pg.Pool, verb: () => Verb<T>): Promise<T> {
  const client = await connect(pool)
  try {
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
    const running = verb()
    let step = running.next([])
    while (step.done !== true) step = running.next(await query(client, step.value.sql, step.value.values))
    // PostgreSQL answers ROLLBACK to the COMMIT of a transaction in which something failed.
    const { command } = await client.query('COMMIT')
    if (command !== 'COMMIT') throw new StoreError('PostgreSQL left the commit out.')
    release(client, false)
    return step.value
  } catch (error) {
    const rolledBack = await client.query('ROLLBACK').then(
      () => true,
      () => false,
    )
    release(client, !rolledBack)
    throw error
  }
}

/**
 * A connection that breaks fails its statement; the event, unheard, would end the process besides. Hence by a
 * callback: until a promise is looked at, the connection may have broken.
 */
function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client) => {
      if (client === undefined) return reject(error)
      client.on('error', ignore)
      resolve(client)
    })
  })
}

const ignore = (): void => {}

function release(client: pg.PoolClient, broken: boolean): void {
  client.off('error', ignore)
  client.release(broken)
}

async function query(
  on: pg.Pool | pg.PoolClient,
  sql: string,
  values: readonly Bindable[],
): Promise<readonly Row[]> {
  return (await on.query<Row>(textOf(sql), [...values])).rows
}

const texts = new Map<string, string>()

/** A statement as PostgreSQL takes it: `?` becomes $1, $2, …, and a table is one of the schema. */
function textOf(sql: string): string {
  const known = texts.get(sql)
  if (known !== undefined) return known
  let place = 0
  const text = sql
    .replace(/\?/g, () => {
      place += 1
      return `$${place}`
    })
    .replace(/\bdoorward_(?!client)/g, `${SCHEMA}.`)
  texts.set(sql, text)
  return text
}

const stateOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null

/** Two transactions met and one had to give way: running it again is right. */
const isCollision = (error: unknown): boolean => ['40001', '40P01'].includes(stateOf(error) ?? '')

/** Without the error itself: `detail` and `where` of PostgreSQL's errors quote whole rows, which no log may hold. */
function fromPostgres(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new StoreError(`PostgreSQL: ${[stateOf(error), message].filter((part) => part).join(' ')}`)
}
