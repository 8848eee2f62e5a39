/** What is still under way after so many milliseconds, when the listener drains, is cut off. */
export const DRAIN_MS = 10_000
/** So long the work beside requests may take to end. */
export const JOBS_MS = 4_000
/** So long statements that are under way may take, and the database to close. */
export const DATABASE_MS = 4_000
/** A process ends within this, whatever it waits for. */
export const SHUTDOWN_MS = DRAIN_MS + JOBS_MS + DATABASE_MS + 2_000
/** A worker that is still there after this is stuck, and killed. */
export const WORKER_MS = SHUTDOWN_MS + 2_000
/** The primary waits for its workers, and ends within this. Service managers commonly kill after 30 seconds. */
export const PRIMARY_MS = WORKER_MS + 3_000

/** Something was still under way when its time to end was over; the message names it. */
export class ShutdownError extends Error {
  override readonly name = 'ShutdownError'
}

/** Whether `end` was through within so many milliseconds; else it goes on unwatched. Throws what it throws in time. */
export async function endInTime(milliseconds: number, end: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const ended = end()
  // What fails later fails unheard: it has been cut off.
  ended.catch(() => undefined)
  try {
    return await Promise.race([ended.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
