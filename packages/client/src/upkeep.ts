import { setTimeout as sleep } from 'node:timers/promises'

/** What is done beside requests; both answer how much they did. */
export type Upkeep = {
  /** Deletes what is over, at most `limit` rows. */
  readonly sweep: (limit: number) => Promise<number>
  /** Brings old rows under the newest secret. */
  readonly reseal: () => Promise<number>
}

/** Rows of one transaction, which everybody waits for on SQLite, and the rest between two: requests come first. */
const BATCH = 100
const REST_MS = 50
const EVERY_MS = 300_000

/**
 * Re-seals and sweeps soon after the start, then about every five minutes (`everyMs`); processes that start together
 * do so at different times. It keeps no process alive. Answers what ends it.
 */
export function startUpkeep({ sweep, reseal }: Upkeep, everyMs = EVERY_MS): () => void {
  const ending = new AbortController()
  const pause = (ms: number) => sleep(ms, undefined, { ref: false, signal: ending.signal })
  const work = async (): Promise<void> => {
    await reseal()
    while ((await sweep(BATCH)) === BATCH) await pause(REST_MS)
  }
  const repeat = async (): Promise<never> => {
    for (let wait = everyMs / 60; ; wait = everyMs) {
      await pause(wait * (0.5 + Math.random() / 2))
      // What fails is tried again the next time; the requests that meet the same failure tell of it.
      await work().catch(() => {})
    }
  }
  // Its pause rejects once it was ended.
  repeat().catch(() => {})
  return () => ending.abort()
}
