import { setTimeout as pause } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import type { Stint, Sweep } from '../storage/ports.ts'

/** Milliseconds that one transaction works: on the embedded database every request waits for it. */
const WORK_MS = 2

/** Then requests alone have so many times as long: while much is left, a tenth of the time goes into it. */
const REST = 9

/** A statement that took seconds, on a machine that slept, is not waited for as long again. */
const MOST_REST_MS = 1_000

/** Rows of the first statement: few, for nobody knows yet how long they take. */
const FIRST_BATCH = 8

type Options = {
  /** Asked before each transaction. */
  readonly stopped?: () => boolean
  readonly workMs?: number
}

/**
 * Removes what has expired until nothing is left, in short transactions with pauses between them, kind after kind in
 * turn. Answers how many rows went.
 */
export async function sweepAll(
  { storage, config, clock }: Pick<Deps, 'storage' | 'config' | 'clock'>,
  { stopped = () => false, workMs = WORK_MS }: Options = {},
): Promise<number> {
  let total = 0
  let waiting = storage.maintenance.sweeps.map((sweep) => ({
    sweep,
    stint: new TimedStint(config.sweep.batch, workMs),
  }))
  while (waiting.length > 0) {
    const unfinished: { sweep: Sweep; stint: TimedStint }[] = []
    for (const one of waiting) {
      if (stopped()) return total
      const gone = await one.sweep(clock(), one.stint)
      if (gone === 0) continue
      total += gone
      unfinished.push(one)
      await pause(Math.min(REST * one.stint.worked, MOST_REST_MS))
    }
    waiting = unfinished
  }
  return total
}

/**
 * Stints of so many milliseconds, statement by statement of as many rows as take a small part of that: a row of one
 * table takes a hundred times as long as one of another. What a transaction waits for its turn is no part of it.
 */
class TimedStint implements Stint {
  readonly #most: number
  readonly #workMs: number
  #batch: number
  /** Milliseconds that the last transaction took. */
  worked = 0

  constructor(most: number, workMs: number) {
    this.#most = most
    this.#workMs = workMs
    this.#batch = Math.min(FIRST_BATCH, most)
  }

  begin = (): (() => number) => {
    const from = performance.now()
    this.worked = 0
    let first = true
    return () => {
      const before = this.worked
      this.worked = performance.now() - from
      if (first) {
        first = false
        return this.#batch
      }
      this.#learn(this.worked - before)
      return this.worked < this.#workMs ? this.#batch : 0
    }
  }

  #learn(statementMs: number): void {
    if (statementMs > this.#workMs / 2) this.#batch = Math.max(1, this.#batch >> 1)
    else if (statementMs < this.#workMs / 8) this.#batch = Math.min(this.#most, this.#batch * 2)
  }
}
