import type { Replays } from '../ports.ts'

/** More sign-ins than one process finishes within the time that a key counts. */
const MAX_KEYS = 100_000

/**
 * What was used already, for apps without a store: it holds in this process alone. A code works once at its provider
 * too, so that a replay elsewhere gets no further than there.
 */
export function memoryReplays(): Replays {
  const keys = new Map<string, number>()
  return {
    insertOnce: async (key, expiresAt, now) => {
      const known = keys.get(key)
      if (known !== undefined && known > now) return false
      keys.set(key, expiresAt)
      dropOld(keys, now)
      return true
    },
  }
}

/** Keys lie in the order of their coming, so that the oldest are in front. */
function dropOld(keys: Map<string, number>, now: number): void {
  for (const [key, expiresAt] of keys) {
    if (expiresAt > now && keys.size <= MAX_KEYS) return
    keys.delete(key)
  }
}
