import { setTimeout } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import type { Sweep, Swept } from '../storage/ports.ts'
import { StorageError } from '../storage/storage-error.ts'

/** After a transaction others alone have so many times as long: while much is left, a quarter of the time goes into it. */
const REST = 3

/** A transaction that took seconds, on a machine that slept, is not waited for as long again. */
const MOST_REST_MS = 1_000

/** Rows of the first transaction: few, for nobody knows yet how long they take. */
const FIRST_BATCH = 8

const NOTHING: Swept = { gone: 0, heldMs: 0 }

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
 * turn. Answers how many rows went. A kind that fails is left for the next time while the others go on; then its failure is thrown, or an
 * AggregateError of several. Without a database nothing goes on.
 */
export async function sweepAll(
  { storage, config, clock }: Pick<Deps, 'storage' | 'config' | 'clock'>,
  { stopped = () => false, pause = setTimeout }: Options = {},
): Promise<number> {
  const { sweeps, sweepMs } = storage.maintenance
  const most = config.sweep.batch
  const failures: unknown[] = []
  let total = 0
  let waiting = sweeps.map((sweep): Kind => ({ sweep, batch: Math.min(FIRST_BATCH, most) }))
  while (waiting.length > 0) {
    const unfinished: Kind[] = []
    for (const { sweep, batch } of waiting) {
      if (stopped()) return total
      const { gone, heldMs } = await sweepOnce(sweep, clock(), batch, failures)
      if (gone === 0) continue
      total += gone
      unfinished.push({ sweep, batch: nextBatch(batch, heldMs, sweepMs, most) })
      await pause(Math.min(REST * heldMs, MOST_REST_MS))
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

/** A row of one table takes a hundred times as long as one of another: how many are quick shows from time to time. */
function nextBatch(batch: number, heldMs: number, sweepMs: number, most: number): number {
  if (heldMs > sweepMs) return Math.max(1, batch >> 1)
  if (heldMs < sweepMs / 2) return Math.min(most, batch * 2)
  return batch
}

function failureOf(failures: readonly unknown[]): unknown {
  const [cause] = failures
  if (failures.length === 1) return cause
  return new AggregateError(failures, `${failures.length} kinds of expired rows could not be removed.`, {
    cause,
  })
}
