import { describe, expect, it } from 'vitest'
import { createWorkQueue } from '../../src/identity/work-queue.ts'

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { wait: () => promise, open: resolve }
}

describe('createWorkQueue', () => {
  it('runs so many at once, and the others in the order they came', async () => {
    const queue = createWorkQueue(2, 10)
    const gates = [gate(), gate(), gate(), gate()]
    const started: number[] = []
    const jobs = gates.map((each, index) =>
      queue.run(async () => {
        started.push(index)
        await each.wait()
      }),
    )
    expect([started, queue.waiting()]).toEqual([[0, 1], 2])
    gates[1]?.open()
    await jobs[1]
    expect(started).toEqual([0, 1, 2])
    for (const each of gates) each.open()
    await Promise.all(jobs)
    expect([started, queue.waiting()]).toEqual([[0, 1, 2, 3], 0])
  })

  it('refuses at once what would wait beyond the bound', async () => {
    const queue = createWorkQueue(1, 1)
    const first = gate()
    const jobs = [queue.run(first.wait), queue.run(async () => 'second')]
    expect(queue.run(async () => 'third')).toBeNull()
    first.open()
    expect(await Promise.all(jobs)).toEqual([undefined, 'second'])
    expect(await queue.run(async () => 'fourth')).toBe('fourth')
  })

  it('goes on after a job that failed', async () => {
    const queue = createWorkQueue(1, 5)
    const failed = queue.run(async () => Promise.reject(new Error('no')))
    const next = queue.run(async () => 'yes')
    await expect(failed).rejects.toThrow('no')
    expect(await next).toBe('yes')
  })
})
