import { describe, expect, it } from 'vitest'
import { refreshAt } from '../../src/refresh/freshness.ts'
import { aRow } from '../stores/samples.ts'

const NOW = 1_800_000_000
const openedFor = (lifetime: number | null) => ({
  provider: 'google',
  since: NOW,
  tokens: {
    accessToken: 'a',
    refreshToken: 'r',
    idToken: null,
    scope: '',
    expiresAt: lifetime === null ? null : NOW + lifetime,
    tokenType: 'bearer' as const,
  },
})
const secondsEarly = (lifetime: number): readonly number[] =>
  Array.from(
    { length: 400 },
    (_, index) => NOW + lifetime - refreshAt(aRow({ ref: `${index}` }), openedFor(lifetime)),
  )

describe('when a token is refreshed', () => {
  it.each([
    [3600, 30, 60],
    [240, 30, 60],
    [60, 7.5, 15],
    [0, 0, 0],
  ])('of a life of %i s it is %f to %f s before the end, evenly spread', (lifetime, least, most) => {
    const early = secondsEarly(lifetime)
    expect(Math.min(...early)).toBeGreaterThanOrEqual(least)
    expect(Math.max(...early)).toBeLessThanOrEqual(most)
    const middle = (least + most) / 2
    const half = early.filter((seconds) => seconds > middle).length
    if (most > least) expect(half).toBeGreaterThan(150)
    if (most > least) expect(half).toBeLessThan(250)
  })

  it('is the same moment in every process, and another after each refresh', () => {
    const row = aRow()
    expect(refreshAt({ ...row }, openedFor(3600))).toBe(refreshAt(row, openedFor(3600)))
    expect(refreshAt({ ...row, version: row.version + 1 }, openedFor(3600))).not.toBe(
      refreshAt(row, openedFor(3600)),
    )
  })

  it('never comes where the provider names no end', () => {
    expect(refreshAt(aRow(), openedFor(null))).toBe(Number.POSITIVE_INFINITY)
  })
})
