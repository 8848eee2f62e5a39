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

/** A kind with so many tens of rows left, a transaction for each, which take these times. */
function left(tens: number, milliseconds: readonly number[] = []) {
  const batches: number[] = []
  const sweep: Sweep = async (_now, batch) => {
    const heldMs = milliseconds[batches.length] ?? 0
    return { gone: batches.push(batch) <= tens ? 10 : 0, heldMs }
  }
  return { batches, sweep }
}

describe('sweepAll', () => {
  it('goes on batch by batch until nothing that has expired is left', async () => {
    const deps = await withExpired(35)
    expect(await sweepAll(deps)).toBe(0)
    deps.pass(100_000)
    expect(await sweepAll(deps)).toBe(35)
    expect(await sweepAll(deps)).toBe(0)
  })

  /** Sweeps with these alone, of which one may take two milliseconds, without waiting. Answers the pauses it would have made. */
  async function sweepBy(sweeps: readonly Sweep[], stopped = () => false) {
    const deps = await testDeps({ sweep: { batch: 50 } })
    const pauses: number[] = []
    const maintenance = { ...deps.storage.maintenance, sweeps, sweepMs: 2 }
    const pause = async (milliseconds: number) => pauses.push(milliseconds)
    const swept = sweepAll({ ...deps, storage: { ...deps.storage, maintenance } }, { pause, stopped })
    return { pauses, swept }
  }

  it('ends between two batches when it is stopped', async () => {
    const [one, other] = [left(2), left(2)]
    const asked = () => one.batches.length + other.batches.length
    const { swept } = await sweepBy([one.sweep, other.sweep], () => asked() === 3)
    expect(await swept).toBe(30)
    expect(asked()).toBe(3)
  })

  it('rests three times as long as a transaction was in the way, a second at most, and not where there is no more', async () => {
    const { pauses, swept } = await sweepBy([left(3, [2, 0.5, 500]).sweep])
    expect(await swept).toBe(30)
    expect(pauses).toEqual([6, 1.5, 1_000])
  })

  it('takes more rows at a time where that is quick, up to the setting, and fewer where it is slow, each kind by itself', async () => {
    const [quick, slow] = [left(4, [0.9, 0.9, 0.9, 0.9]), left(6, [2.1, 1, 2, 3, 9, 9])]
    await (await sweepBy([quick.sweep, slow.sweep])).swept
    expect(quick.batches).toEqual([8, 16, 32, 50, 50])
    expect(slow.batches).toEqual([8, 4, 4, 4, 2, 1, 1])
  })

  const fails = (cause: Error): Sweep => {
    return async () => {
      throw cause
    }
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
    expect([before.batches.length, after.batches.length, asked]).toEqual([3, 4, 1])
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
    expect(after.batches).toEqual([])
  })
})
