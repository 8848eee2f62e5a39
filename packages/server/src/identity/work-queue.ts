/** Jobs in the order they came, a few at a time. */
type WorkQueue = {
  /** Runs `job` when its turn comes; null, at once, where too many wait already. */
  run<T>(job: () => Promise<T>): Promise<T> | null
  /** Jobs that wait, those under way not counted. */
  readonly waiting: () => number
}

/** A queue that runs `concurrency` jobs at once and lets `bound` more wait. */
export function createWorkQueue(concurrency: number, bound: number): WorkQueue {
  const waiting: (() => void)[] = []
  let running = 0
  const next = () => {
    running -= 1
    waiting.shift()?.()
  }
  const start = async <T>(job: () => Promise<T>): Promise<T> => {
    running += 1
    try {
      return await job()
    } finally {
      next()
    }
  }
  return {
    run(job) {
      if (running < concurrency) return start(job)
      if (waiting.length >= bound) return null
      return new Promise((resolve, reject) => {
        waiting.push(() => start(job).then(resolve, reject))
      })
    },
    waiting: () => waiting.length,
  }
}
