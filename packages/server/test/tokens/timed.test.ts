import { tokenHash } from '@doorward/core/crypto'
import { afterEach, expect, it, vi } from 'vitest'
import { newTimedToken } from '../../src/tokens/timed.ts'

const NOW = 1_800_000_000

afterEach(() => vi.useRealTimers())

it('tokens of one second are stored in the order of their making', () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const hashes = Array.from({ length: 1000 }, (_, millisecond) => {
    vi.setSystemTime(NOW * 1000 + millisecond)
    return tokenHash(newTimedToken(NOW))
  })
  expect(hashes).toEqual(hashes.toSorted())
})

it.each([
  [NOW * 1000 + 7, '007'],
  [(NOW + 1) * 1000 + 3, '999'],
  [(NOW - 1) * 1000 + 998, '000'],
])('at %i the second is that of the request, the millisecond within it', (system, millisecond) => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(system)
  expect(newTimedToken(NOW).slice(0, 11)).toBe(`6b49d200${millisecond}`)
  expect(newTimedToken(NOW)).toMatch(/^6b49d200\d{3}[\w-]{43}$/)
  expect(newTimedToken(NOW, 9)).toMatch(/^6b49d200\d{3}[\w-]{12}$/)
})
