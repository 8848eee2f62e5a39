import { setTimeout } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import type { Sweep, Swept } from '../storage/ports.ts'
import { StorageError } from '../storage/storage-error.ts'

/** After a transaction others alone have so many times as long. */
const REST = 3

/** A transaction that took seconds, on a disk that hung, is not waited for as long again. */
const MOST_REST_MS = 1_000

/** Statements that take this share of the whole are never too much, within so many milliseconds. */
const WORTH = { share: 0.1, leastMs: 0.3, mostMs: 1 }

/** Rows of the first transaction: few, for nobody knows yet how long they take. And of each: fewer save nothing. */
const LEAST_BATCH = 8

const NOTHING: Swept = { gone: 0, workMs: 0, heldMs: 0 }

type Options = {
  /** Asked before each transaction. */
  readonly stopped?: () => boolean
  /** Waits so many milliseconds between two transactions. */
  readonly pause?: (milliseconds: number) => Promise<unknown>
}

/** One kind of rows, and how many of them a transaction takes. */
type Kind = { readonly sweep: Sweep; readonly batch: number }

/**
 * Removes what has expired until nothing is left, in short transactions with pauses between them, kind after kind in
 * turn. Answers how many rows went. A kind that fails is left for the next time while the others go on; then its
 * failure is thrown, or an AggregateError of several. Without a database nothing goes on.
 */
export async function sweepAll(
  { storage, config, clock }: Pick<Deps, 'storage' | 'config' | 'clock'>,
  { stopped = () => false, pause = setTimeout }: Options = {},
): Promise<number> {
  const { sweeps, sweepMs } = storage.maintenance
  const most = config.sweep.batch
  const failures: unknown[] = []
  let total = 0
  let waiting = sweeps.map((sweep): Kind => ({ sweep, batch: Math.min(LEAST_BATCH, most) }))
  while (waiting.length > 0) {
    const unfinished: Kind[] = []
    for (const { sweep, batch } of waiting) {
      if (stopped()) return total
      const swept = await sweepOnce(sweep, clock(), batch, failures)
      if (swept.gone === 0) continue
      total += swept.gone
      unfinished.push({ sweep, batch: Math.min(most, nextBatch(batch, swept, sweepMs)) })
      await pause(Math.min(REST * swept.heldMs, MOST_REST_MS))
    }
    waiting = unfinished
  }
  if (failures.length > 0) throw failureOf(failures)
  return total
}

/** A kind that fails is done for now. Throws where there is no database. */
async function sweepOnce(sweep: Sweep, now: number, batch: number, failures: unknown[]): Promise<Swept> {
  try {
    return await sweep(now, batch)
  } catch (cause) {
    if (cause instanceof StorageError && cause.code === 'unavailable') throw cause
    failures.push(cause)
    return NOTHING
  }
}

/**
 * Half as many rows where a transaction took longer than it shall; twice as many where it took less than half of that,
 * and all were there. But where the statements were short all the same, fewer rows would save nothing: syncs, and
 * what others wrote, cost as much for one. A row of one table takes a hundred times as long as one of another.
 */
function nextBatch(batch: number, { gone, workMs, heldMs }: Swept, sweepMs: number): number {
  const worth = Math.min(Math.max(heldMs * WORTH.share, WORTH.leastMs), WORTH.mostMs)
  if (heldMs > sweepMs && workMs > worth) return Math.max(LEAST_BATCH, batch >> 1)
  const quick = heldMs < sweepMs / 2 || workMs < worth / 2
  return quick && gone >= batch ? batch * 2 : batch
}

function failureOf(failures: readonly unknown[]): unknown {
  const [cause] = failures
  if (failures.length === 1) return cause
  return new AggregateError(failures, `${failures.length} kinds of expired rows could not be removed.`, {
    cause,
  })
}
