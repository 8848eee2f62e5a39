import type { Deps } from '../deps.ts'
import type { OutboxEntry } from '../storage/records.ts'

/** Ids are given before commit, so an entry may appear after one with a later id: this much is read again. */
const OVERLAP_SECONDS = 10

type NewsListener = (entries: readonly OutboxEntry[]) => Promise<void> | void

/**
 * Reads what other processes have changed, each entry once; what was written before `since` is taken as known.
 * Answers the task to repeat. An entry whose listener failed is delivered again.
 */
export function createNewsReader(
  deps: Pick<Deps, 'storage' | 'clock'>,
  listener: NewsListener,
  since: number = deps.clock(),
): () => Promise<void> {
  let seen: ReadonlySet<number> = new Set()
  let from = since - 1
  return async () => {
    const now = deps.clock()
    const entries = await deps.storage.outbox.read(from)
    const fresh = entries.filter((entry) => !seen.has(entry.id))
    if (fresh.length > 0) await listener(fresh)
    seen = new Set(entries.map((entry) => entry.id))
    from = Math.max(from, now - OVERLAP_SECONDS)
  }
}
