import { describe, expect, it } from 'vitest'
import { repeat } from '../../src/jobs/schedule.ts'

/** Resolves when the task has begun for the nth time. */
function counted() {
  const waiting = new Map<number, () => void>()
  let runs = 0
  return {
    runs: () => runs,
    begin: () => {
      runs += 1
      waiting.get(runs)?.()
    },
    reached: (count: number) =>
      new Promise<void>((resolve) => (runs >= count ? resolve() : waiting.set(count, resolve))),
  }
}

describe('repeat', () => {
  it('runs again after each end and never twice at once', async () => {
    const count = counted()
    let under = 0
    let most = 0
    const job = repeat(
      1,
      async () => {
        under += 1
        most = Math.max(most, under)
        count.begin()
        await new Promise((resolve) => setImmediate(resolve))
        under -= 1
      },
      () => undefined,
    )
    await count.reached(4)
    await job.stop()
    expect([most, under]).toEqual([1, 0])
    const after = count.runs()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(count.runs()).toBe(after)
  })

  it('reports a failure once until a run succeeds, and goes on', async () => {
    const count = counted()
    const faults: unknown[] = []
    const outcomes = ['fails', 'fails', 'works', 'fails', 'works']
    const job = repeat(
      1,
      async () => {
        const outcome = outcomes[count.runs()]
        count.begin()
        if (outcome === 'fails') throw new Error('no')
      },
      (cause) => faults.push(cause),
    )
    await count.reached(6)
    await job.stop()
    expect(faults).toHaveLength(2)
  })

  it('waits for the run under way when it is stopped', async () => {
    const count = counted()
    let ended = false
    const job = repeat(
      1,
      async () => {
        count.begin()
        await new Promise((resolve) => setTimeout(resolve, 5))
        ended = true
      },
      () => undefined,
    )
    await count.reached(1)
    await job.stop()
    expect(ended).toBe(true)
  })
})
