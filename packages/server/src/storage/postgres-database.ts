import { Kysely, PostgresDialect } from 'kysely'
import { type ClientBase, Pool, type PoolConfig, types } from 'pg'
import {
  checkKnown,
  type Migratable,
  type MigrationStatus,
  migrateToLatest,
  readMigrationStatus,
} from './migrate.ts'
import { fromPostgres, orLost } from './postgres-error.ts'
import type { Database } from './schema.ts'
import { StorageError } from './storage-error.ts'

/** Which database, and how many connections at most. */
export type PostgresTarget = { readonly databaseUrl: string; readonly poolSize?: number }

/** A pool, and Kysely to compile with. */
export type PostgresDatabase = { readonly pool: Pool; readonly db: Kysely<Database> }

/** Tables have a schema of their own: a database may well be shared with the application's. */
const SCHEMA = 'doorward'
const POOL_SIZE = 10
const CONNECT_MILLISECONDS = 5000
const STATEMENT_MILLISECONDS = 10_000
/** Longer than PostgreSQL itself takes to give up: what is not answered by then has a dead connection. */
const ANSWER_MILLISECONDS = 15_000
const INT8 = 20

/**
 * Connects to a PostgreSQL database and brings its tables to this program's. Any number of processes may do so
 * at once. Throws StorageError.
 */
export async function openPostgresDatabase(target: PostgresTarget): Promise<PostgresDatabase> {
  await withMigrationPool(target, async (migratable) => {
    const status = await readMigrationStatus(migratable)
    checkKnown(status)
    if (status.pending.length > 0) await migrateToLatest(migratable)
  })
  const pool = openPool(target, {
    max: target.poolSize ?? POOL_SIZE,
    query_timeout: ANSWER_MILLISECONDS,
    onConnect: limitStatements,
  })
  return { pool, db: kyselyOn(pool).withSchema(SCHEMA) }
}

/** What migrations have run in a database. Changes nothing. Throws StorageError. */
export function postgresMigrationStatus(target: PostgresTarget): Promise<MigrationStatus> {
  return withMigrationPool(target, readMigrationStatus)
}

/** By SET, for poolers in between refuse start-up parameters. And a commit is on disk before it is answered. */
async function limitStatements(client: ClientBase): Promise<void> {
  await client.query(`SET statement_timeout = ${STATEMENT_MILLISECONDS}`)
  await client.query(`SET idle_in_transaction_session_timeout = ${STATEMENT_MILLISECONDS}`)
  await client.query(
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
  )
}

async function withMigrationPool<T>(
  target: PostgresTarget,
  work: (migratable: Migratable) => Promise<T>,
): Promise<T> {
  const pool = openPool(target, { max: 2 })
  try {
    const hasTable = async (name: string) => {
      const { rows } = await pool.query('SELECT to_regclass($1) IS NOT NULL AS there', [`${SCHEMA}.${name}`])
      return rows[0]?.there === true
    }
    return await work({ kind: 'postgres', db: kyselyOn(pool), schema: SCHEMA, hasTable })
  } catch (error) {
    throw fromPostgres(error instanceof TypeError ? error : orLost(error))
  } finally {
    await pool.end()
  }
}

function openPool(target: PostgresTarget, own: PoolConfig): Pool {
  checkUrl(target.databaseUrl)
  const pool = new Pool({
    connectionString: target.databaseUrl,
    application_name: 'doorward',
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: 3600,
    keepAlive: true,
    types: numericTypes,
    ...own,
  })
  // Connections that break, idle or held, are replaced at their next use; unheard, the event would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** The error names no part of the URL: there is a password in it. */
function checkUrl(databaseUrl: string): void {
  if (/^postgres(?:ql)?:\/\//.test(databaseUrl) && URL.canParse(databaseUrl)) return
  throw new StorageError(
    'unavailable',
    'The database URL is not of the form postgres://user:password@host:port/database.',
  )
}

/** 64-bit integers as numbers: all of ours are seconds and counts. */
const numericTypes: PoolConfig['types'] = {
  getTypeParser: (oid, format) => (oid === INT8 ? Number : types.getTypeParser(oid, format)),
}

const kyselyOn = (pool: Pool): Kysely<Database> =>
  new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
