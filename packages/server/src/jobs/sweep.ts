import { setTimeout } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import type { Stint, Sweep } from '../storage/ports.ts'
import { StorageError } from '../storage/storage-error.ts'

/** Milliseconds that one transaction works: on the embedded database every request waits for it, and for its commit. */
const WORK_MS = 0.3

/** The same while the process is busy: each request waits for many others then, and more expires. */
const BUSY_WORK_MS = 1

/** A pause that takes so many milliseconds longer than was asked says that it is busy. */
const LATE_MS = 2

/** For so many pauses: not each one is late. */
const BUSY_PAUSES = 6

/** Then requests alone have so many times as long: while much is left, a sixth of the time goes into it. */
const REST = 5

/** A statement that took seconds, on a machine that slept, is not waited for as long again. */
const MOST_REST_MS = 1_000

/** Rows of the first statement: few, for nobody knows yet how long they take. */
const FIRST_BATCH = 8

type Options = {
  /** Asked before each transaction. */
  readonly stopped?: () => boolean
  readonly workMs?: number
  /** Waits so many milliseconds between two transactions. */
  readonly pause?: (milliseconds: number) => Promise<unknown>
  /** Milliseconds since whenever. */
  readonly elapsed?: () => number
}

/** One kind of rows, and how quickly its own go. */
type Kind = { readonly sweep: Sweep; readonly stint: TimedStint }

/**
 * Removes what has expired until nothing is left, in short transactions with pauses between them, kind after kind in
 * turn. Answers how many rows went. A kind that fails is left for the next time while the others go on; then its failure is thrown, or an
 * AggregateError of several. Without a database nothing goes on.
 */
export async function sweepAll(
  { storage, config, clock }: Pick<Deps, 'storage' | 'config' | 'clock'>,
  options: Options = {},
): Promise<number> {
  const { stopped = () => false, workMs, pause = setTimeout } = options
  const elapsed = options.elapsed ?? (() => performance.now())
  const failures: unknown[] = []
  let total = 0
  let busy = 0
  const work = () => workMs ?? (busy > 0 ? BUSY_WORK_MS : WORK_MS)
  let waiting = storage.maintenance.sweeps.map(
    (sweep): Kind => ({ sweep, stint: new TimedStint({ most: config.sweep.batch, work, elapsed }) }),
  )
  while (waiting.length > 0) {
    const unfinished: Kind[] = []
    for (const kind of waiting) {
      if (stopped()) return total
      const gone = await sweepOnce(kind, clock(), failures)
      if (gone === 0) continue
      total += gone
      unfinished.push(kind)
      const rest = Math.min(REST * kind.stint.worked, MOST_REST_MS)
      const from = elapsed()
      await pause(rest)
      busy = elapsed() - from > rest + LATE_MS ? BUSY_PAUSES : Math.max(0, busy - 1)
    }
    waiting = unfinished
  }
  if (failures.length > 0) throw failureOf(failures)
  return total
}

/** How many rows of this kind went; 0 where none is left, or it failed. Throws where there is no database. */
async function sweepOnce({ sweep, stint }: Kind, now: number, failures: unknown[]): Promise<number> {
  try {
    return await sweep(now, stint)
  } catch (cause) {
    if (cause instanceof StorageError && cause.code === 'unavailable') throw cause
    failures.push(cause)
    return 0
  }
}

function failureOf(failures: readonly unknown[]): unknown {
  const [cause] = failures
  if (failures.length === 1) return cause
  return new AggregateError(failures, `${failures.length} kinds of expired rows could not be removed.`, {
    cause,
  })
}

/**
 * Stints of so many milliseconds, statement by statement of as many rows as take a small part of that: a row of one
 * table takes a hundred times as long as one of another. What a transaction waits for its turn is no part of it.
 */
class TimedStint implements Stint {
  readonly #most: number
  readonly #work: () => number
  readonly #elapsed: () => number
  #batch: number
  /** Milliseconds that the last transaction took. */
  worked = 0

  constructor({ most, work, elapsed }: { most: number; work: () => number; elapsed: () => number }) {
    this.#most = most
    this.#work = work
    this.#elapsed = elapsed
    this.#batch = Math.min(FIRST_BATCH, most)
  }

  begin = (): (() => number) => {
    const from = this.#elapsed()
    this.worked = 0
    let first = true
    return () => {
      const before = this.worked
      this.worked = this.#elapsed() - from
      if (first) {
        first = false
        return this.#batch
      }
      this.#learn(this.worked - before)
      return this.worked < this.#work() ? this.#batch : 0
    }
  }

  #learn(statementMs: number): void {
    if (statementMs > this.#work() / 2) this.#batch = Math.max(1, this.#batch >> 1)
    else if (statementMs < this.#work() / 8) this.#batch = Math.min(this.#most, this.#batch * 2)
  }
}
