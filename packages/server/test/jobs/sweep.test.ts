import { describe, expect, it } from 'vitest'
import { sweepAll } from '../../src/jobs/sweep.ts'
import type { Sweep } from '../../src/storage/ports.ts'
import { StorageError } from '../../src/storage/storage-error.ts'
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

  /** Sweeps with these alone, by a clock of the test's own, without waiting. Answers the pauses it would have made. */
  async function sweepBy(sweeps: readonly Sweep[], elapsed = () => 0) {
    const deps = await testDeps()
    const pauses: number[] = []
    const maintenance = { ...deps.storage.maintenance, sweeps }
    const pause = async (milliseconds: number) => pauses.push(milliseconds)
    const swept = sweepAll({ ...deps, storage: { ...deps.storage, maintenance } }, { pause, elapsed })
    return { pauses, swept }
  }

  it('rests five times as long as a transaction worked, a second at most, and not where there is no more', async () => {
    let now = 0
    const work = [2, 0.5, 500, 1]
    const sweep: Sweep = async (_now, { begin }) => {
      const next = begin()
      next()
      const milliseconds = work.shift() ?? 0
      now += milliseconds
      next()
      return milliseconds === 1 ? 0 : 1
    }
    const { pauses, swept } = await sweepBy([sweep], () => now)
    expect(await swept).toBe(3)
    expect(pauses).toEqual([10, 2.5, 1_000])
  })

  const fails = (cause: Error): Sweep => {
    return async () => {
      throw cause
    }
  }
  /** Has so many batches of ten left. */
  const left = (batches: number) => {
    const kind = { asked: 0, sweep: async () => (kind.asked++ < batches ? 10 : 0) }
    return kind
  }

  it('goes on with the other kinds where one fails, tells of it at the end, and asks it once', async () => {
    const [before, after, broken] = [left(2), left(3), new Error('no such table')]
    let asked = 0
    const failing: Sweep = async () => {
      asked += 1
      throw broken
    }
    const { swept } = await sweepBy([before.sweep, failing, after.sweep])
    await expect(swept).rejects.toBe(broken)
    expect([before.asked, after.asked, asked]).toEqual([3, 4, 1])
  })

  it('tells of several failures at once', async () => {
    const failures = [new Error('one'), new Error('other')]
    const { swept } = await sweepBy(failures.map(fails))
    await expect(swept).rejects.toMatchObject({ errors: failures, cause: failures[0] })
  })

  it('ends at once where there is no database', async () => {
    const [gone, after] = [new StorageError('unavailable', 'PostgreSQL cannot be reached.'), left(1)]
    const { swept } = await sweepBy([fails(gone), after.sweep])
    await expect(swept).rejects.toBe(gone)
    expect(after.asked).toBe(0)
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

  it('works longer at a time while the process is busy, which late pauses tell', async () => {
    const deps = await testDeps()
    const statements: number[] = []
    let now = 0
    const sweep: Sweep = async (_now, { begin }) => {
      const next = begin()
      let taken = 0
      for (; next() > 0; taken += 1) now += 0.25
      statements.push(taken)
      return statements.length < 10 ? 1 : 0
    }
    const maintenance = { ...deps.storage.maintenance, sweeps: [sweep] }
    const late = [2, 3]
    const pause = async (asked: number) => {
      now += asked + (late.shift() ?? 0)
    }
    await sweepAll({ ...deps, storage: { ...deps.storage, maintenance } }, { elapsed: () => now, pause })
    expect(statements).toEqual([2, 2, 4, 4, 4, 4, 4, 4, 2, 2])
  })

  it('takes fewer where it is slow', async () => {
    expect(await batchesOf(3, 1, 5)).toEqual([[8], [4]])
  })
})
