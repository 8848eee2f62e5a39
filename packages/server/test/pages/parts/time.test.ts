import { describe, expect, it } from 'vitest'
import { day, isSameDay } from '../../../src/pages/parts/time.ts'

const MIDNIGHT = 1_780_012_800

describe('isSameDay', () => {
  it.each([
    [MIDNIGHT, MIDNIGHT + 86_399],
    [MIDNIGHT, MIDNIGHT + 86_400],
    [MIDNIGHT - 1, MIDNIGHT],
  ])('says of %d and %d whether day words them alike', (one, other) => {
    const shown = [one, other].map((moment) => String(day(moment, 'en')).replace(/^<time[^>]*>/, ''))
    expect(isSameDay(one, other)).toBe(shown[0] === shown[1])
  })
})
