import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contrast, parseColor, type Rgb } from '../../../src/pages/styles/color.ts'
import { accentOn, textOn, themeStylesheet } from '../../../src/pages/styles/theme.ts'
import { DARK, LIGHT } from '../../../src/pages/styles/tokens.ts'

const anyAccent = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`)
const rgb = (text: string): Rgb => {
  const color = parseColor(text)
  if (color === null) throw new Error(`not a colour: ${text}`)
  return color
}
const schemes = [
  ['light', LIGHT],
  ['dark', DARK],
] as const

describe.each(schemes)('accentOn %s', (scheme, palette) => {
  it('makes a button of 3 : 1 against the page with text of 4.5 : 1, for any accent (WCAG 2.2 §1.4.3, §1.4.11)', () => {
    fc.assert(
      fc.property(anyAccent, (accent) => {
        const made = accentOn(scheme, accent)
        expect(contrast(rgb(made.fill), rgb(palette.card))).toBeGreaterThanOrEqual(3)
        expect(contrast(rgb(made.fill), rgb(palette.ground))).toBeGreaterThanOrEqual(3)
        for (const fill of [made.fill, made.fillHover, made.fillPressed]) {
          expect(contrast(rgb(made.onFill), rgb(fill))).toBeGreaterThanOrEqual(4.5)
        }
      }),
    )
  })

  it('makes links of 4.5 : 1 on every ground, for any accent', () => {
    fc.assert(
      fc.property(anyAccent, (accent) => {
        const { ink } = accentOn(scheme, accent)
        for (const ground of [palette.ground, palette.card, palette.sunken]) {
          expect(contrast(rgb(ink), rgb(ground))).toBeGreaterThanOrEqual(4.5)
        }
      }),
    )
  })
})

describe('textOn', () => {
  it('is white on dark and black on bright colours', () => {
    expect(textOn(rgb('#1f6f54'))).toEqual([1, 1, 1])
    expect(textOn(rgb('#ffd400'))).toEqual([0, 0, 0])
  })
})

describe('themeStylesheet', () => {
  it('keeps the accent as the operator chose it where it reads well', () => {
    expect(themeStylesheet('#1f6f54')).toContain('--accent: #1f6f54;')
  })

  it('holds nothing of a text that is no colour', () => {
    expect(themeStylesheet('red; } body { display: none')).toBe(themeStylesheet('#1f6f54'))
  })
})
