import { describe, expect, it } from 'vitest'
import { sweepAll } from '../../src/jobs/sweep.ts'
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
    // Every kind once, and once more what was not done: both times one batch of ten.
    const turns = deps.storage.maintenance.sweeps.length + 1
    let asked = 0
    const stopped = () => {
      asked += 1
      return asked > turns
    }
    expect(await sweepAll(deps, { stopped, workMs: 0 })).toBe(20)
    expect(await sweepAll(deps)).toBe(15)
  })
})
