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

it('the second is that of the request, whatever the system’s clock says', () => {
  expect(newTimedToken(NOW)).toMatch(/^6b49d200\d{3}[\w-]{43}$/)
  expect(newTimedToken(NOW, 9)).toMatch(/^6b49d200\d{3}[\w-]{12}$/)
})
