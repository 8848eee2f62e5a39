import { describe, expect, it } from 'vitest'
import { createTokenCache } from '../src/token-cache.ts'

describe('the memory of verified tokens', () => {
  it('finds what was put in, and nothing else', () => {
    const cache = createTokenCache<number>(10)
    cache.insert('a', 1)
    expect(cache.find('a')).toBe(1)
    expect(cache.find('b')).toBeNull()
  })

  it.each([1, 2, 3, 10, 1000])('never holds more than its size of %i, rounded up to even', (size) => {
    const cache = createTokenCache<number>(size)
    for (let index = 0; index < size * 5; index += 1) cache.insert(`t${index}`, index)
    const held = Array.from({ length: size * 5 }, (_, index) => `t${index}`).filter(
      (digest) => cache.find(digest) !== null,
    )
    expect(held.length).toBeGreaterThan(0)
    expect(held.length).toBeLessThanOrEqual(size + (size % 2))
  })

  it('keeps what is used while others come and go', () => {
    const cache = createTokenCache<number>(10)
    cache.insert('busy', 1)
    for (let index = 0; index < 100; index += 1) {
      cache.insert(`t${index}`, index)
      if (index % 4 === 0) expect(cache.find('busy')).toBe(1)
    }
  })

  it('forgets what is not used', () => {
    const cache = createTokenCache<number>(10)
    cache.insert('once', 1)
    for (let index = 0; index < 10; index += 1) cache.insert(`t${index}`, index)
    expect(cache.find('once')).toBeNull()
  })

  it('of size 0 remembers nothing', () => {
    const cache = createTokenCache<number>(0)
    cache.insert('a', 1)
    expect(cache.find('a')).toBeNull()
  })
})
