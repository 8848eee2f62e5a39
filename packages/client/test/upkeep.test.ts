import { describe, expect, it } from 'vitest'
import type { VaultRow } from '../src/ports.ts'
import { startUpkeep } from '../src/upkeep.ts'
import { aRow } from './stores/samples.ts'

const nothing = { rows: 0, tokens: [] }
const revoke = async (): Promise<void> => {}

describe('upkeep', () => {
  it('seals anew, sweeps until a batch is not full, and comes back until it is ended', async () => {
    const left = [100, 100, 7]
    const done: string[] = []
    const end = startUpkeep(
      {
        sweep: async (limit) => {
          done.push(`sweep ${limit}`)
          return { rows: left.shift() ?? 0, tokens: [] }
        },
        revoke,
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

  it('revokes what the sweep hands out, a few at a time, before it sweeps on', async () => {
    const batches = [100, 100, 3].map((rows) => ({
      rows,
      tokens: Array.from({ length: rows }, () => aRow()),
    }))
    const swept: VaultRow[] = batches.flatMap(({ tokens }) => tokens)
    const revoked: VaultRow[] = []
    let [atOnce, most] = [0, 0]
    const end = startUpkeep(
      {
        sweep: async () => batches.shift() ?? nothing,
        revoke: async (row) => {
          atOnce += 1
          most = Math.max(most, atOnce)
          await new Promise((done) => setImmediate(done))
          atOnce -= 1
          revoked.push(row)
        },
        reseal: async () => 0,
      },
      20,
    )
    await expect.poll(() => revoked).toHaveLength(203)
    end()
    expect(new Set(revoked)).toEqual(new Set(swept))
    expect(most).toBe(4)
  })

  it('revokes a thousand in one round, and sweeps the others all the same', async () => {
    let [batches, revoked] = [0, 0]
    const end = startUpkeep(
      {
        sweep: async () => {
          batches += 1
          return { rows: batches < 12 ? 100 : 0, tokens: Array.from({ length: 100 }, () => aRow()) }
        },
        revoke: async () => {
          revoked += 1
        },
        reseal: async () => 0,
      },
      600,
    )
    await expect.poll(() => batches).toBe(12)
    end()
    expect(revoked).toBe(1000)
  })

  it('tries again what failed', async () => {
    let failures = 0
    const end = startUpkeep(
      {
        sweep: async () => nothing,
        revoke,
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
