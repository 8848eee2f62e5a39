import { expect, it } from 'vitest'
import type { AuditEvent } from '../../src/deps.ts'
import { createConnectionsReseal } from '../../src/jobs/reseal-connections.ts'

it('seals connections anew at first and once a minute, and tells once of those that nobody can open', async () => {
  const events: AuditEvent[] = []
  let now = 1_800_000_000
  let looks = 0
  const job = createConnectionsReseal({
    connections: {
      reseal: async () => {
        looks += 1
        return looks === 1 ? 3 : 0
      },
      countClosed: async () => 2,
    },
    audit: { record: (event) => void events.push(event), fault: () => undefined },
    clock: () => now,
  })
  await job()
  await job()
  expect(looks).toBe(1)
  now += 60
  await job()
  expect(looks).toBe(2)
  expect(events.map(({ event, count }) => [event, count])).toEqual([
    ['connections.resealed', '3'],
    ['connections.closed', '2'],
  ])
})
