import type { Swept } from './ports.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { fromSqlite } from './sqlite-error.ts'
import type { AroundCommit, Compiled, Runner, Step, Verb } from './statement.ts'
import { StorageError } from './storage-error.ts'

type Job = {
  /** Runs the verb; answers what resolves its promise. */
  readonly run: () => () => void
  readonly reject: (error: StorageError) => void
}

type Options = {
  readonly compile: (run: Step['statement']) => Compiled
  readonly aroundCommit: AroundCommit | null
}

/** See mounting/turns-end. */
const later = setImmediate

/** A write waits for the end of so many turns at most. */
const MOST_TURNS = 4

/** Milliseconds after which reads look anew, in a turn that takes long: what other processes did counts at once. */
const READING_MS = 1

/**
 * Runs verbs on one connection. Writes that arrive in one turn of the event loop, or in a few while each brings more, share
 * a transaction and its sync; one that fails takes nothing with it. Reads of one turn share one too, and so the locks on
 * the file, for a millisecond at most. Nobody sees what is not durable: reads run before the writes, and wait where a
 * commit is held.
 */
export class SqliteRunner implements Runner {
  readonly #connection: SqliteConnection
  readonly #options: Options
  #waiting: Job[] = []
  #scheduled = false
  /** Settles when the commit that a test holds is over. */
  #holding: Promise<void> | null = null
  #closed = false
  /** What SQLite counts up when another connection commits; null before the first look. */
  #dataVersion: unknown = null
  #lookedThisReading = false
  #reading = false
  #readingSince = 0

  constructor(connection: SqliteConnection, options: Options) {
    this.#connection = connection
    this.#options = options
  }

  async read<T>(verb: () => Verb<T>): Promise<T> {
    while (this.#holding !== null) await this.#holding
    this.#checkOpen()
    try {
      this.#beginReading()
      return this.#drive(verb())
    } catch (error) {
      throw fromSqlite(error)
    }
  }

  async write<T>(verb: () => Verb<T>): Promise<T> {
    this.#checkOpen()
    return new Promise<T>((resolve, reject) => {
      const run = () => {
        const result = this.#drive(verb())
        return () => resolve(result)
      }
      this.#waiting.push({ run, reject })
      this.#schedule()
    })
  }

  writeOne<T>(verb: () => Verb<T>): Promise<T> {
    return this.write(verb)
  }

  /** No request is answered meanwhile. */
  readonly sweepMs = 2

  /** What the log holds then goes into the file at once: with more of it together others would wait for longer. */
  async sweep(verb: () => Verb<number>): Promise<Swept> {
    const { gone, workMs } = await this.write(function* () {
      const from = performance.now()
      const gone = yield* verb()
      return { gone, workMs: performance.now() - from }
    })
    const from = performance.now()
    if (gone > 0) this.#checkpoint()
    return { gone, workMs, heldMs: workMs + performance.now() - from }
  }

  changedElsewhere(): boolean {
    if (this.#lookedThisReading || this.#closed) return false
    const version = this.#readDataVersion()
    this.#lookedThisReading = this.#reading
    const changed = version !== this.#dataVersion
    this.#dataVersion = version
    return changed
  }

  /** Lets what waits be written, then closes the connection. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    while (this.#holding !== null) await this.#holding
    this.#flush()
    while (this.#holding !== null) await this.#holding
    this.#endReading()
    this.#connection.close()
  }

  #readDataVersion(): unknown {
    try {
      this.#beginReading()
      return this.#connection.all('PRAGMA data_version', [])[0]?.data_version
    } catch (error) {
      throw fromSqlite(error)
    }
  }

  #beginReading(): void {
    if (this.#holding !== null) return
    const now = performance.now()
    if (this.#reading && now - this.#readingSince < READING_MS) return
    this.#endReading()
    this.#command('BEGIN')
    this.#reading = true
    this.#readingSince = now
    later(() => this.#endReading())
  }

  /** The turn is over, or its writes begin, or its reads have shared for long enough. */
  #endReading(): void {
    if (!this.#reading) return
    this.#reading = false
    this.#lookedThisReading = false
    // What failed badly enough has ended it already.
    if (this.#connection.inTransaction()) this.#command('COMMIT')
  }

  /** Moves what the log holds into the file, as far as nobody else reads what was there before. */
  #checkpoint(): void {
    try {
      this.#endReading()
      this.#command('PRAGMA wal_checkpoint(PASSIVE)')
    } catch {
      // Nothing is lost: it is in the log. SQLite tries again by itself, and says nothing either.
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new StorageError('unavailable', 'The database has been closed.')
  }

  #schedule(): void {
    if (this.#scheduled || this.#holding !== null) return
    this.#scheduled = true
    this.#gather(1, MOST_TURNS)
  }

  /**
   * Waits a turn more while each brings other writes: whoever had an answer from one commit asks again a turn later
   * than the rest, and two syncs cost twice as much as one. A lone write does not wait.
   */
  #gather(before: number, turns: number): void {
    later(() => {
      const { length } = this.#waiting
      if (length > before && turns > 1) return this.#gather(length, turns - 1)
      this.#scheduled = false
      this.#flush()
    })
  }

  #flush(): void {
    const jobs = this.#waiting
    if (jobs.length === 0) return
    this.#waiting = []
    try {
      this.#endReading()
      const settle = this.#runAll(jobs)
      const held = this.#commit()
      if (held instanceof Promise) this.#hold(held, jobs, settle)
      else this.#finish(settle)
    } catch (error) {
      this.#abort(jobs, error)
    }
  }

  /**
   * Behind a savepoint SQLite keeps a copy of each page that is written, so verbs run without one. Where one fails, which is
   * rare, all are taken back and run again, each behind its own.
   */
  #runAll(jobs: readonly Job[]): (() => void)[] {
    this.#command('BEGIN IMMEDIATE')
    try {
      return jobs.map((job) => job.run())
    } catch {
      if (this.#connection.inTransaction()) this.#command('ROLLBACK')
      this.#command('BEGIN IMMEDIATE')
      return jobs.map((job) => this.#runJob(job))
    }
  }

  #runJob(job: Job): () => void {
    this.#command('SAVEPOINT verb')
    try {
      const resolve = job.run()
      this.#command('RELEASE verb')
      return resolve
    } catch (error) {
      // A full disk, for one, makes SQLite give up the whole transaction.
      if (!this.#connection.inTransaction()) throw error
      this.#command('ROLLBACK TO verb')
      this.#command('RELEASE verb')
      return () => job.reject(fromSqlite(error))
    }
  }

  #commit(): void | Promise<void> {
    const commit = () => this.#command('COMMIT')
    const { aroundCommit } = this.#options
    return aroundCommit === null ? commit() : aroundCommit(commit)
  }

  #hold(held: Promise<void>, jobs: readonly Job[], settle: readonly (() => void)[]): void {
    this.#holding = held
      .then(() => this.#finish(settle))
      .catch((error) => this.#abort(jobs, error))
      .then(() => {
        this.#holding = null
        if (this.#waiting.length > 0) this.#schedule()
      })
  }

  #finish(settle: readonly (() => void)[]): void {
    if (this.#connection.inTransaction()) throw new StorageError('failed', 'The commit was left out.')
    for (const answer of settle) answer()
  }

  #abort(jobs: readonly Job[], error: unknown): void {
    const reason = fromSqlite(error)
    try {
      if (this.#connection.inTransaction()) this.#command('ROLLBACK')
    } finally {
      for (const job of jobs) job.reject(reason)
    }
  }

  #command(sql: string): void {
    this.#connection.run(sql, [])
  }

  #drive<T>(verb: Verb<T>): T {
    let step = verb.next()
    while (step.done !== true) {
      const { sql, bind } = this.#options.compile(step.value.statement)
      step = verb.next(this.#connection.run(sql, bind(step.value.values)))
    }
    return step.value
  }
}
