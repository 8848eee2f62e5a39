import { describe, expect, it } from 'vitest'
import { sweepAll } from '../../src/jobs/sweep.ts'
import type { Sweep, Swept } from '../../src/storage/ports.ts'
import { StorageError } from '../../src/storage/storage-error.ts'
import { testDeps } from '../support/deps.ts'

async function withExpired(count: number) {
  const deps = await testDeps({ sweep: { batch: 10 } })
  for (let index = 0; index < count; index += 1) {
    await deps.storage.replays.insertOnce('issuer', `jti-${index}`, deps.clock() + 60)
  }
  return deps
}

type Times = Omit<Swept, 'gone'>

/** A kind that has whole batches left, a transaction for each of these. */
function left(times: readonly Times[], goneOf = (batch: number) => batch) {
  const batches: number[] = []
  const sweep: Sweep = async (_now, batch) => {
    const took = times[batches.length]
    batches.push(batch)
    return took === undefined ? { gone: 0, workMs: 0, heldMs: 0 } : { gone: goneOf(batch), ...took }
  }
  return { batches, sweep }
}
/** So many milliseconds of work, and nothing besides. */
const worked = (...milliseconds: readonly number[]) =>
  milliseconds.map((ms): Times => ({ workMs: ms, heldMs: ms }))
/** Milliseconds of work, and besides: for a sync, or for what others wrote. */
const waited = (...pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([workMs, besides]): Times => ({ workMs, heldMs: workMs + besides }))

describe('sweepAll', () => {
  it('goes on batch by batch until nothing that has expired is left', async () => {
    const deps = await withExpired(35)
    expect(await sweepAll(deps)).toBe(0)
    deps.pass(100_000)
    expect(await sweepAll(deps)).toBe(35)
    expect(await sweepAll(deps)).toBe(0)
  })

  /** Sweeps with these alone, of which one may take two milliseconds, without waiting. Answers the pauses it would have made. */
  async function sweepBy(
    sweeps: readonly Sweep[],
    { stopped, batch = 50 }: { readonly stopped?: () => boolean; readonly batch?: number } = {},
  ) {
    const deps = await testDeps({ sweep: { batch } })
    const pauses: number[] = []
    const maintenance = { ...deps.storage.maintenance, sweeps, sweepMs: 2 }
    const pause = async (milliseconds: number) => pauses.push(milliseconds)
    const swept = sweepAll(
      { ...deps, storage: { ...deps.storage, maintenance } },
      { pause, ...(stopped && { stopped }) },
    )
    return { pauses, swept }
  }

  it('ends between two batches when it is stopped', async () => {
    const [one, other] = [left(worked(1, 1)), left(worked(1, 1))]
    const asked = () => one.batches.length + other.batches.length
    const { swept } = await sweepBy([one.sweep, other.sweep], { stopped: () => asked() === 3 })
    expect(await swept).toBe(24)
    expect(asked()).toBe(3)
  })

  it('rests three times as long as others waited, a second at most, and not where there is no more', async () => {
    const { pauses, swept } = await sweepBy([left(waited([1, 1], [0.25, 0.25], [200, 300])).sweep])
    expect(await swept).toBe(8 + 8 + 16)
    expect(pauses).toEqual([6, 1.5, 1_000])
  })

  it('takes more rows at a time where that is quick, up to the setting, and fewer where it is slow, each kind by itself', async () => {
    const [quick, slow] = [left(worked(0.9, 0.9, 0.9, 0.9)), left(worked(0.9, 0.9, 2.1, 1, 2, 3, 9))]
    await (await sweepBy([quick.sweep, slow.sweep])).swept
    expect(quick.batches).toEqual([8, 16, 32, 50, 50])
    expect(slow.batches).toEqual([8, 16, 32, 16, 16, 16, 8, 8])
  })

  it('begins with no more than the setting', async () => {
    const kind = left(worked(0, 0))
    await (await sweepBy([kind.sweep], { batch: 3 })).swept
    expect(kind.batches).toEqual([3, 3, 3])
  })

  it('takes as many as are worth a sync, however long that and the writes of others take', async () => {
    const little = left(waited([0.1, 2], [0.14, 2], [0.3, 2], [0.31, 2], [0.16, 2]))
    const much = left(waited([0.2, 9], [0.4, 9], [0.5, 9], [0.95, 9], [1.1, 20], [0.6, 20]))
    await (await sweepBy([little.sweep, much.sweep])).swept
    expect(little.batches).toEqual([8, 16, 32, 32, 16, 16])
    expect(much.batches).toEqual([8, 16, 32, 32, 32, 16, 16])
  })

  it('takes no more at a time for what was quick because little was there', async () => {
    const kind = left(worked(0, 0, 0), () => 1)
    await (await sweepBy([kind.sweep])).swept
    expect(kind.batches).toEqual([8, 8, 8, 8])
  })

  const fails = (cause: Error): Sweep => {
    return async () => {
      throw cause
    }
  }

  it('goes on with the other kinds where one fails, tells of it at the end, and asks it once', async () => {
    const [before, after, broken] = [left(worked(1, 1)), left(worked(1, 1, 1)), new Error('no such table')]
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
    const [gone, after] = [new StorageError('unavailable', 'PostgreSQL cannot be reached.'), left(worked(1))]
    const { swept } = await sweepBy([fails(gone), after.sweep])
    await expect(swept).rejects.toBe(gone)
    expect(after.batches).toEqual([])
  })
})
