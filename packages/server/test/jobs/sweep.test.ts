import { describe, expect, it } from 'vitest'
import { sweepAll } from '../../src/jobs/sweep.ts'
import type { Sweep } from '../../src/storage/ports.ts'
import { testDeps } from '../support/deps.ts'

async function withExpired(count: number) {
  const deps = await testDeps({ sweep: { batch: 10 } })
  for (let index = 0; index < count; index += 1) {
    await deps.storage.replays.insertOnce('issuer', `jti-${index}`, deps.clock() + 60)
  }
  return deps
}

describe('sweepAll', () => {
  it('goes on batch by batch until nothing that has expired is left', async () => {
    const deps = await withExpired(35)
    expect(await sweepAll(deps)).toBe(0)
    deps.pass(100_000)
    expect(await sweepAll(deps)).toBe(35)
    expect(await sweepAll(deps)).toBe(0)
  })

  it('takes one batch at least, and ends between two when it is stopped', async () => {
    const deps = await withExpired(35)
    deps.pass(100_000)
    // Every kind once, and once more what was not done: without time, of eight rows and then of half as many.
    const turns = deps.storage.maintenance.sweeps.length + 1
    let asked = 0
    const stopped = () => {
      asked += 1
      return asked > turns
    }
    expect(await sweepAll(deps, { stopped, workMs: 0 })).toBe(12)
    expect(await sweepAll(deps)).toBe(23)
  })

  /** The batches that a sweep is given whose every statement takes so long, in two transactions. */
  async function batchesOf(statementMs: number, workMs: number, statements: number) {
    const deps = await testDeps({ sweep: { batch: 50 } })
    const transactions: number[][] = []
    const sweep: Sweep = async (_now, { begin }) => {
      const next = begin()
      const batches: number[] = []
      for (let batch = next(); batch > 0 && batches.length < statements; batch = next()) {
        batches.push(batch)
        const end = performance.now() + statementMs
        while (performance.now() < end);
      }
      transactions.push(batches)
      return transactions.length < 3 ? 1 : 0
    }
    const maintenance = { ...deps.storage.maintenance, sweeps: [sweep] }
    await sweepAll({ ...deps, storage: { ...deps.storage, maintenance } }, { workMs })
    return transactions.slice(0, 2)
  }

  it('takes more rows at a time while that is quick, up to the setting, and remembers', async () => {
    expect(await batchesOf(0, 60_000, 5)).toEqual([
      [8, 16, 32, 50, 50],
      [50, 50, 50, 50, 50],
    ])
  })

  it('takes fewer where it is slow', async () => {
    expect(await batchesOf(3, 1, 5)).toEqual([[8], [4]])
  })
})
