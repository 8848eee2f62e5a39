import { describe, expect, it } from 'vitest'
import { startUpkeep } from '../src/upkeep.ts'

describe('upkeep', () => {
  it('seals anew, sweeps until a batch is not full, and comes back until it is ended', async () => {
    const left = [100, 100, 7]
    const done: string[] = []
    const end = startUpkeep(
      {
        sweep: async (limit) => {
          done.push(`sweep ${limit}`)
          return left.shift() ?? 0
        },
        reseal: async () => done.push('reseal'),
      },
      20,
    )
    await expect.poll(() => done.length).toBeGreaterThan(6)
    end()
    expect(done.slice(0, 6)).toEqual(['reseal', 'sweep 100', 'sweep 100', 'sweep 100', 'reseal', 'sweep 100'])
    const rounds = done.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(done.length).toBeLessThanOrEqual(rounds + 1)
  })

  it('tries again what failed', async () => {
    let failures = 0
    const end = startUpkeep(
      {
        sweep: async () => 0,
        reseal: async () => {
          failures += 1
          throw new Error('locked')
        },
      },
      20,
    )
    await expect.poll(() => failures).toBeGreaterThan(2)
    end()
  })
})
