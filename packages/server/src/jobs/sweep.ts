import { setTimeout as pause } from 'node:timers/promises'
import type { Deps } from '../deps.ts'

/** Between two batches requests get the database. */
const PAUSE_MS = 20

/** Removes what has expired, batch by batch, until nothing is left. Answers how many rows went. */
export async function sweepAll(
  { storage, config, clock }: Pick<Deps, 'storage' | 'config' | 'clock'>,
  stopped: () => boolean = () => false,
): Promise<number> {
  let total = 0
  while (!stopped()) {
    const gone = await storage.maintenance.sweep(clock(), config.sweep.batch)
    total += gone
    if (gone === 0) break
    await pause(PAUSE_MS)
  }
  return total
}
