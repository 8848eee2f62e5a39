import { describe, expect, it } from 'vitest'
import { contrast, parseColor, type Rgb } from '../../../src/pages/styles/color.ts'
import { DARK, LIGHT, tokens } from '../../../src/pages/styles/tokens.ts'

const rgb = (text: string): Rgb => {
  const color = parseColor(text)
  if (color === null) throw new Error(`not a colour: ${text}`)
  return color
}

type Token = keyof typeof LIGHT

const TEXTS: readonly (readonly [Token, readonly Token[]])[] = [
  [
    'text',
    ['ground', 'card', 'sunken', 'control-hover', 'control-pressed', 'danger-ground', 'warning-ground'],
  ],
  ['muted', ['ground', 'card', 'sunken', 'control-hover', 'control-pressed']],
  ['danger', ['card', 'danger-ground']],
  ['warning', ['card', 'warning-ground']],
]

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('the %s colours', (_name, palette) => {
  const pairs = TEXTS.flatMap(([text, grounds]) => grounds.map((ground) => [text, ground] as const))

  it.each(pairs)('%s on %s has 4.5 : 1 (WCAG 2.2 §1.4.3)', (text, ground) => {
    expect(contrast(rgb(palette[text]), rgb(palette[ground]))).toBeGreaterThanOrEqual(4.5)
  })

  it('the line around a control has 3 : 1 (WCAG 2.2 §1.4.11)', () => {
    expect(contrast(rgb(palette['control-line']), rgb(palette.card))).toBeGreaterThanOrEqual(3)
  })
})

describe('the tokens', () => {
  it('give every colour for both schemes', () => {
    for (const name of Object.keys(LIGHT)) expect(tokens.split(`--${name}:`)).toHaveLength(3)
  })
})
