import { setTimeout as pause } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import type { Stint } from '../storage/ports.ts'

/** Milliseconds that one transaction works: on the embedded database every request waits for it. */
const WORK_MS = 2

/** Then requests alone have so many times as long: while much is left, a fifth of the time goes into it. */
const REST = 4

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
  let waiting = storage.maintenance.sweeps
  while (waiting.length > 0) {
    const unfinished = []
    for (const sweep of waiting) {
      if (stopped()) return total
      const stint = startStint(config.sweep.batch, workMs)
      const gone = await sweep(clock(), stint)
      if (gone === 0) continue
      total += gone
      unfinished.push(sweep)
      await pause(REST * stint.worked())
    }
    waiting = unfinished
  }
  return total
}

/** A stint that knows how long it took; what it waited for its turn is no part of it. */
function startStint(batch: number, workMs: number): Stint & { readonly worked: () => number } {
  let worked = 0
  const begin = () => {
    const from = performance.now()
    return () => {
      worked = performance.now() - from
      return worked < workMs
    }
  }
  return { batch, begin, worked: () => worked }
}
