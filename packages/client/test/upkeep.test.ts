import { afterEach, describe, expect, it, vi } from 'vitest'
import { startUpkeep } from '../src/upkeep.ts'

afterEach(() => vi.useRealTimers())

describe('upkeep', () => {
  it('sweeps until a batch is not full, seals anew, and comes back', async () => {
    vi.useFakeTimers()
    const left = [100, 100, 7, 0]
    const done: string[] = []
    const upkeep = startUpkeep({
      store: {
        sweep: async (now, limit) => {
          done.push(`sweep at ${now} of ${limit}`)
          return left.shift() ?? 0
        },
      },
      reseal: async () => done.push('reseal'),
      clock: () => 5,
      onFault: () => done.push('fault'),
    })
    await vi.advanceTimersByTimeAsync(20_000)
    expect(done).toEqual(['reseal', ...Array(3).fill('sweep at 5 of 100')])
    await vi.advanceTimersByTimeAsync(600_000)
    expect(done.slice(4)).toEqual(['reseal', 'sweep at 5 of 100'])
    await upkeep.stop()
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(done).toHaveLength(6)
  })

  it('tells a fault and tries again', async () => {
    vi.useFakeTimers()
    const faults: unknown[] = []
    const upkeep = startUpkeep({
      store: { sweep: async () => 0 },
      reseal: async () => {
        throw new Error('locked')
      },
      clock: () => 5,
      onFault: (cause) => faults.push(cause),
    })
    await vi.advanceTimersByTimeAsync(630_000)
    expect(faults.length).toBeGreaterThanOrEqual(2)
    await upkeep.stop()
  })
})
