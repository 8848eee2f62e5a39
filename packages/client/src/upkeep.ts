import type { ClientStore } from './ports.ts'

/** Work that repeats in the background. */
export type Upkeep = {
  /** No further round begins; resolves once the one under way has ended. */
  stop(): Promise<void>
}

type UpkeepDeps = {
  readonly store: Pick<ClientStore, 'sweep'>
  /** Seals rows of older secrets under the first: see `resealAll`. */
  readonly reseal: () => Promise<unknown>
  /** The time in seconds. */
  readonly clock: () => number
  readonly onFault: (cause: unknown) => void
}

const MINUTE = 60_000
/** Rows of one transaction. */
const BATCH = 100
/** Between transactions, so that requests come first. */
const REST = 50

/**
 * Every ten minutes, and soon after the start, deletes what is over in small batches and seals anew what an older
 * secret has sealed. The timer does not keep the process alive; many processes may do so at once.
 */
export function startUpkeep({ store, reseal, clock, onFault }: UpkeepDeps): Upkeep {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const round = async (): Promise<void> => {
    await reseal()
    while (!stopped && (await store.sweep(clock(), BATCH)) === BATCH) await pause(REST)
  }
  const schedule = (ms: number): void => {
    // Processes that start together do not sweep together.
    timer = setTimeout(
      () => {
        running = round()
          .catch((cause) => stopped || onFault(cause))
          .then(() => (stopped ? undefined : schedule(10 * MINUTE)))
      },
      ms * (0.5 + Math.random() / 2),
    )
    timer.unref()
  }
  schedule(MINUTE / 6)
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms).unref())
