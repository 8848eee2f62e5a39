import { describe, expect, it } from 'vitest'
import { pauseBefore } from '../../src/mounting/workers.ts'

describe('pauseBefore', () => {
  it('doubles with every early end in a row, from a quarter of a second to half a minute', () => {
    expect([1, 2, 3, 7, 8, 50].map(pauseBefore)).toEqual([250, 500, 1_000, 16_000, 30_000, 30_000])
  })
})
