import { describe, expect, it } from 'vitest'
import { memoryReplays } from '../../src/session/memory-replays.ts'

describe('replays in memory', () => {
  it('take a key once until it expires', async () => {
    const replays = memoryReplays()
    expect(await replays.insertOnce('a', 10, 0)).toBe(true)
    expect(await replays.insertOnce('a', 10, 9)).toBe(false)
    expect(await replays.insertOnce('b', 10, 9)).toBe(true)
    expect(await replays.insertOnce('a', 20, 10)).toBe(true)
    expect(await replays.insertOnce('a', 20, 11)).toBe(false)
  })
})
