/** What is done beside requests; both answer how much they did. */
export type Upkeep = {
  /** Deletes what is over, at most `limit` rows. */
  readonly sweep: (limit: number) => Promise<number>
  /** Brings old rows under the newest secret. */
  readonly reseal: () => Promise<number>
}

const BATCH = 1000
const EVERY_MS = 300_000

/**
 * Sweeps and re-seals at once, then every five minutes; it keeps no process alive, and what fails is tried again the
 * next time. Answers what ends it.
 */
export function startUpkeep({ sweep, reseal }: Upkeep): () => void {
  let underWay = false
  const work = async (): Promise<void> => {
    if (underWay) return
    underWay = true
    try {
      while ((await sweep(BATCH)) === BATCH);
      await reseal()
    } catch {
      // The requests that meet the same failure tell of it.
    } finally {
      underWay = false
    }
  }
  const first = setImmediate(work)
  const timer = setInterval(work, EVERY_MS)
  first.unref()
  timer.unref()
  return () => {
    clearImmediate(first)
    clearInterval(timer)
  }
}
