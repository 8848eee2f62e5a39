/** Work that repeats until it is stopped. */
export type Job = {
  /** No further run begins; resolves once the one under way has ended. */
  stop(): Promise<void>
}

/**
 * Runs `task` again and again, `intervalMs` after each end, so that runs never overlap. A failure goes to
 * `onFault` once until a run succeeds again. The timer does not keep the process alive.
 */
export function repeat(
  intervalMs: number,
  task: () => Promise<void>,
  onFault: (cause: unknown) => void,
): Job {
  let stopped = false
  let failing = false
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const run = async () => {
    try {
      await task()
      failing = false
    } catch (cause) {
      if (!failing && !stopped) onFault(cause)
      failing = true
    }
    schedule()
  }
  const schedule = () => {
    if (stopped) return
    timer = setTimeout(() => {
      running = run()
    }, intervalMs)
    timer.unref()
  }
  schedule()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
