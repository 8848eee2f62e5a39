import { setTimeout as pause } from 'node:timers/promises'
import { coreSeconds } from './cpu-time.ts'

const SAMPLE_MS = 500
const PATIENCE_MS = 10_000
/** The part of a core that may be busy: the system itself always does something. */
const QUIET = 0.1

/** Waits, but not for ever, until a core has almost nothing to do. */
export async function quietCore(core: number): Promise<void> {
  const latest = performance.now() + PATIENCE_MS
  while (performance.now() < latest) {
    const [before, from] = [coreSeconds(core), performance.now()]
    await pause(SAMPLE_MS)
    if ((coreSeconds(core) - before) / ((performance.now() - from) / 1000) <= QUIET) return
  }
}
