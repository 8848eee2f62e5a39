import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg'
import type { Swept } from './ports.ts'
import { fromPostgres, isCollision, isLost, orLost } from './postgres-error.ts'
import type { AroundCommit, Compiled, Runner, Step, Verb } from './statement.ts'
import { StorageError } from './storage-error.ts'

type Options = {
  readonly compile: (run: Step['statement']) => Compiled
  readonly aroundCommit: AroundCommit | null
}

type Work<T> = (client: PoolClient) => Promise<T>
type Outcome = { committing: boolean }

/** How often a verb is run before its collisions are told. */
const MOST_ATTEMPTS = 6

const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED'

/** One after the other: the lock is held to the end of the transaction. A number of our own: 'door'. */
const BEGIN_IN_TURN = `${BEGIN}; SELECT pg_advisory_xact_lock(${0x646f6f72})`

/**
 * Runs verbs on a pool. A write is a transaction of its own at READ COMMITTED, which every guarded statement is
 * written for; a read, and a write of one statement, needs none. A verb that lost a race, or its connection
 * before the commit was sent, is run again.
 */
export class PostgresRunner implements Runner {
  readonly #pool: Pool
  readonly #options: Options
  /** What has been begun and not answered. */
  readonly #running = new Set<Promise<unknown>>()
  #closed: Promise<void> | null = null

  constructor(pool: Pool, options: Options) {
    this.#pool = pool
    this.#options = options
  }

  read<T>(verb: () => Verb<T>): Promise<T> {
    const mayRepeat = (error: unknown) => isCollision(error) || isLost(error)
    return this.#attempt((client) => this.#drive(client, verb()), mayRepeat)
  }

  write<T>(verb: () => Verb<T>): Promise<T> {
    return this.#transaction(BEGIN, verb)
  }

  writeOne<T>(verb: () => Verb<T>): Promise<T> {
    // What runs around commits needs one of its own to run around.
    if (this.#options.aroundCommit !== null) return this.write(verb)
    return this.#attempt((client) => this.#drive(client, verb()), isCollision)
  }

  /** Nobody waits but for these rows and their families. On a slow network two statements alone take a good part of it. */
  readonly sweepMs = 500

  /** In turn with other processes: a verb that picks rows twice would else find others the second time. */
  sweep(verb: () => Verb<number>): Promise<Swept> {
    return this.#transaction(BEGIN_IN_TURN, function* () {
      const from = performance.now()
      const gone = yield* verb()
      const workMs = performance.now() - from
      return { gone, workMs, heldMs: workMs }
    })
  }

  changedElsewhere(): boolean {
    return false
  }

  /** Waits for what runs, then closes the connections: the pool itself would forget who waits for one. */
  close(): Promise<void> {
    this.#closed ??= Promise.allSettled(this.#running).then(() => this.#pool.end())
    return this.#closed
  }

  #transaction<T>(begin: string, verb: () => Verb<T>): Promise<T> {
    const outcome: Outcome = { committing: false }
    // Once the commit has been sent, nobody knows whether it came to pass.
    const mayRepeat = (error: unknown) => isCollision(error) || (isLost(error) && !outcome.committing)
    return this.#attempt((client) => this.#transact(client, begin, verb, outcome), mayRepeat)
  }

  async #attempt<T>(work: Work<T>, mayRepeat: (error: unknown) => boolean): Promise<T> {
    if (this.#closed !== null) throw new StorageError('unavailable', 'The database has been closed.')
    const answer = this.#repeat(work, mayRepeat)
    this.#running.add(answer)
    try {
      return await answer
    } finally {
      this.#running.delete(answer)
    }
  }

  async #repeat<T>(work: Work<T>, mayRepeat: (error: unknown) => boolean): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const client = await this.#connect()
      try {
        const result = await work(client)
        client.release()
        return result
      } catch (error) {
        client.release(isLost(error))
        if (attempt >= MOST_ATTEMPTS || !mayRepeat(error)) throw fromPostgres(error)
      }
      // Those that met wait differently long, so that they do not meet again.
      await sleep(Math.random() * 5 * attempt)
    }
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect()
    } catch (error) {
      throw fromPostgres(orLost(error))
    }
  }

  async #transact<T>(client: PoolClient, begin: string, verb: () => Verb<T>, outcome: Outcome): Promise<T> {
    outcome.committing = false
    try {
      await query(client, { text: begin })
      const result = await this.#drive(client, verb())
      await this.#commit(client, outcome)
      return result
    } catch (error) {
      if (!isLost(error)) await query(client, { text: 'ROLLBACK' })
      throw error
    }
  }

  async #commit(client: PoolClient, outcome: Outcome): Promise<void> {
    let answer = ''
    const commit = async () => {
      outcome.committing = true
      answer = (await query(client, { text: 'COMMIT' })).command
    }
    const { aroundCommit } = this.#options
    await (aroundCommit === null ? commit() : aroundCommit(commit))
    // PostgreSQL answers ROLLBACK to the COMMIT of a transaction in which something failed.
    if (answer !== 'COMMIT') throw new StorageError('failed', 'The commit was left out.')
  }

  async #drive<T>(client: PoolClient, verb: Verb<T>): Promise<T> {
    let step = verb.next()
    while (step.done !== true) {
      const { sql, name, bind } = this.#options.compile(step.value.statement)
      const { rows, rowCount } = await query(client, { name, text: sql, values: bind(step.value.values) })
      // A proxy that swallows it would make every winner a loser.
      if (rowCount === null)
        throw new StorageError('failed', 'The database does not say how many rows changed.')
      step = verb.next({ rows, count: rowCount })
    }
    return step.value
  }
}

async function query(client: PoolClient, config: QueryConfig): Promise<QueryResult> {
  try {
    return await client.query(config)
  } catch (error) {
    throw orLost(error)
  }
}
