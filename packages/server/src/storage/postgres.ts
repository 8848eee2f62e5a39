import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { fromPostgres, isCollision, isLost } from './postgres-error.ts'
import type { AroundCommit, Compiled, Runner, Step, Verb } from './statement.ts'
import { StorageError } from './storage-error.ts'

type Options = {
  readonly compile: (run: Step['statement']) => Compiled
  readonly aroundCommit: AroundCommit | null
}

/** Runs of one verb before its collisions are told. */
const MOST_ATTEMPTS = 6

/**
 * Runs verbs on a pool. A write is a transaction of its own at READ COMMITTED, which every guarded statement is
 * written for; a read, and a write of one statement, needs none. A verb that lost a race, or its connection
 * before the commit was sent, is run again.
 */
export class PostgresRunner implements Runner {
  readonly #pool: Pool
  readonly #options: Options
  #closed: Promise<void> | null = null

  constructor(pool: Pool, options: Options) {
    this.#pool = pool
    this.#options = options
  }

  read<T>(verb: () => Verb<T>): Promise<T> {
    return this.#attempt(
      (client) => this.#drive(client, verb()),
      (error) => isCollision(error) || isLost(error),
    )
  }

  write<T>(verb: () => Verb<T>): Promise<T> {
    const state = { committing: false }
    return this.#attempt(
      (client) => {
        state.committing = false
        return this.#transact(client, verb, state)
      },
      // Once the commit has been sent, nobody knows whether it came to pass.
      (error) => isCollision(error) || (isLost(error) && !state.committing),
    )
  }

  writeOne<T>(verb: () => Verb<T>): Promise<T> {
    if (this.#options.aroundCommit !== null) return this.write(verb)
    return this.#attempt((client) => this.#drive(client, verb()), isCollision)
  }

  /** Waits for what runs, then closes the connections. */
  close(): Promise<void> {
    this.#closed ??= this.#pool.end()
    return this.#closed
  }

  async #attempt<T>(
    work: (client: PoolClient) => Promise<T>,
    mayRepeat: (error: unknown) => boolean,
  ): Promise<T> {
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
    if (this.#closed !== null) throw new StorageError('unavailable', 'The database has been closed.')
    try {
      return await this.#pool.connect()
    } catch (error) {
      throw fromPostgres(error)
    }
  }

  async #transact<T>(client: PoolClient, verb: () => Verb<T>, state: { committing: boolean }): Promise<T> {
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
    try {
      const result = await this.#drive(client, verb())
      await this.#commit(client, state)
      return result
    } catch (error) {
      if (!isLost(error)) await client.query('ROLLBACK')
      throw error
    }
  }

  async #commit(client: PoolClient, state: { committing: boolean }): Promise<void> {
    let answer = ''
    const commit = async () => {
      state.committing = true
      answer = (await client.query('COMMIT')).command
    }
    const { aroundCommit } = this.#options
    await (aroundCommit === null ? commit() : aroundCommit(commit))
    if (answer !== 'COMMIT') throw new StorageError('failed', 'The commit was left out.')
  }

  async #drive<T>(client: PoolClient, verb: Verb<T>): Promise<T> {
    let step = verb.next([])
    while (step.done !== true) {
      const { sql, name, bind } = this.#options.compile(step.value.statement)
      const { rows } = await client.query({ name, text: sql, values: bind(step.value.values) })
      step = verb.next(rows)
    }
    return step.value
  }
}
