import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  contrast,
  formatColor,
  parseColor,
  type Rgb,
  reachContrast,
  shiftLightness,
} from '../../../src/pages/styles/color.ts'

const WHITE: Rgb = [1, 1, 1]
const BLACK: Rgb = [0, 0, 0]
const channel = fc.integer({ min: 0, max: 255 }).map((value) => value / 255)
const anyColor = fc.tuple(channel, channel, channel)

describe('parseColor', () => {
  it.each([
    ['#1f6f54', '#1f6f54'],
    ['#1F6F54', '#1f6f54'],
    ['#abc', '#aabbcc'],
    ['#000000', '#000000'],
  ])('reads %s', (text, written) => {
    const color = parseColor(text)
    expect(color && formatColor(color)).toBe(written)
  })

  it.each(['', 'red', '#12', '#1234567', '#gggggg', '1f6f54', '#1f6f54;}', '#+1-2+3'])(
    'refuses %j',
    (text) => {
      expect(parseColor(text)).toBeNull()
    },
  )

  it('reads back whatever formatColor writes', () => {
    fc.assert(
      fc.property(anyColor, (color) => {
        expect(parseColor(formatColor(color))).toEqual(color)
      }),
    )
  })
})

describe('contrast (WCAG 2.2)', () => {
  it('is 21 between black and white, and 1 between equals', () => {
    expect(contrast(BLACK, WHITE)).toBeCloseTo(21, 5)
    expect(contrast(WHITE, WHITE)).toBe(1)
  })

  it('knows the grey that is 4.5 : 1 on white', () => {
    expect(contrast([0x76 / 255, 0x76 / 255, 0x76 / 255], WHITE)).toBeGreaterThanOrEqual(4.5)
    expect(contrast([0x77 / 255, 0x77 / 255, 0x77 / 255], WHITE)).toBeLessThan(4.5)
  })
})

describe('shiftLightness', () => {
  it('by nothing is the same colour to the eye', () => {
    fc.assert(
      fc.property(anyColor, (color) => {
        shiftLightness(color, 0).forEach((value, index) => {
          expect(value).toBeCloseTo(color[index] ?? -1, 2)
        })
      }),
    )
  })

  it('reaches white and black at its ends', () => {
    expect(formatColor(shiftLightness([0.2, 0.5, 0.4], 1))).toBe('#ffffff')
    expect(formatColor(shiftLightness([0.2, 0.5, 0.4], -1))).toBe('#000000')
  })
})

describe('reachContrast', () => {
  it('holds for the colour as it is written down', () => {
    fc.assert(
      fc.property(anyColor, (color) => {
        const darker = parseColor(formatColor(reachContrast(color, [WHITE], 4.5, 'darker'))) ?? WHITE
        const lighter = parseColor(formatColor(reachContrast(color, [BLACK], 4.5, 'lighter'))) ?? BLACK
        expect(contrast(darker, WHITE)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(lighter, BLACK)).toBeGreaterThanOrEqual(4.5)
      }),
    )
  })

  it('leaves a colour that has it alone', () => {
    const green = parseColor('#1f6f54') ?? WHITE
    expect(formatColor(reachContrast(green, [WHITE], 3, 'darker'))).toBe('#1f6f54')
  })
})
