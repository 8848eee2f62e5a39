import { setTimeout as sleep } from 'node:timers/promises'
import type { Swept, VaultRow } from './ports.ts'

/** What is done beside requests. */
export type Upkeep = {
  /** Deletes what is over, at most `limit` rows. */
  readonly sweep: (limit: number) => Promise<Swept>
  /** Revokes at the provider what a session that is over had; neither throws nor takes long. */
  readonly revoke: (row: VaultRow) => Promise<void>
  /** Brings old rows under the newest secret; answers how many. */
  readonly reseal: () => Promise<number>
}

/** Rows of one transaction, which everybody waits for on SQLite, and the rest between two: requests come first. */
const BATCH = 100
const REST_MS = 50
const EVERY_MS = 300_000
/** What one round revokes at most, and how long it goes on with that. Tokens beyond end by themselves. */
const MOST_REVOCATIONS = 1000
const MOST_REVOKING_MS = 60_000
const AT_ONCE = 4

/**
 * Re-seals and sweeps soon after the start, then about every five minutes (`everyMs`); processes that start together
 * do so at different times. It keeps no process alive. Answers what ends it.
 */
export function startUpkeep(upkeep: Upkeep, everyMs = EVERY_MS): () => void {
  const ending = new AbortController()
  const pause = (ms: number) => sleep(ms, undefined, { ref: false, signal: ending.signal })
  const work = async (): Promise<void> => {
    await upkeep.reseal()
    const budget = { rows: MOST_REVOCATIONS, until: performance.now() + MOST_REVOKING_MS }
    for (;;) {
      const { rows, tokens } = await upkeep.sweep(BATCH)
      await revokeSome(tokens, upkeep.revoke, budget, ending.signal)
      if (rows < BATCH) return
      await pause(REST_MS)
    }
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

/** A few at a time, as long as the round's budget lasts. */
async function revokeSome(
  tokens: readonly VaultRow[],
  revoke: Upkeep['revoke'],
  budget: { rows: number; readonly until: number },
  ending: AbortSignal,
): Promise<void> {
  const waiting = tokens.slice(0, budget.rows)
  budget.rows -= waiting.length
  const worker = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      if (ending.aborted || performance.now() > budget.until) return
      await revoke(row)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
