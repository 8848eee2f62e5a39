import { contrast, formatColor, parseColor, type Rgb, reachContrast, shiftLightness } from './color.ts'
import { DARK, LIGHT } from './tokens.ts'

/** The accent's colours on one ground: `fill` with `onFill` text for buttons, `ink` for links and the focus ring. */
export type Accent = {
  readonly fill: string
  readonly onFill: string
  readonly fillHover: string
  readonly fillPressed: string
  readonly ink: string
}

const WHITE: Rgb = [1, 1, 1]
const BLACK: Rgb = [0, 0, 0]
const DEFAULT_ACCENT: Rgb = [0x1f / 255, 0x6f / 255, 0x54 / 255]

/**
 * What the operator's accent (`#rrggbb`) becomes on light or dark pages: moved in lightness, never in hue,
 * until a button is 3 : 1 against the page and text in the accent 4.5 : 1 (WCAG 2.2 §1.4.3, §1.4.11).
 */
export function accentOn(scheme: 'light' | 'dark', accent: string): Accent {
  const palette = scheme === 'light' ? LIGHT : DARK
  const grounds = [palette.ground, palette.card, palette.sunken].map(toRgb)
  const direction = scheme === 'light' ? 'darker' : 'lighter'
  const base = parseColor(accent) ?? DEFAULT_ACCENT
  const fill = reachContrast(base, grounds, 3, direction)
  const onFill = textOn(fill)
  // Hover and pressed move away from the text, so its contrast only grows.
  const away = onFill === WHITE ? -1 : 1
  return {
    fill: formatColor(fill),
    onFill: formatColor(onFill),
    fillHover: formatColor(shiftLightness(fill, away * 0.04)),
    fillPressed: formatColor(shiftLightness(fill, away * 0.08)),
    ink: formatColor(reachContrast(base, grounds, 4.5, direction)),
  }
}

/** `/assets/theme.css`: the accent's custom properties, light and dark. */
export function themeStylesheet(accent: string): string {
  return `:root {
${declarations(accentOn('light', accent), '  ')}
}
@media (prefers-color-scheme: dark) {
  :root {
${declarations(accentOn('dark', accent), '    ')}
  }
}
`
}

/** White where it reads well, else black: one of the two always has 4.5 : 1. */
export function textOn(ground: Rgb): Rgb {
  return contrast(WHITE, ground) >= 4.5 ? WHITE : BLACK
}

function declarations(accent: Accent, indent: string): string {
  return [
    `--accent: ${accent.fill};`,
    `--on-accent: ${accent.onFill};`,
    `--accent-hover: ${accent.fillHover};`,
    `--accent-pressed: ${accent.fillPressed};`,
    `--accent-ink: ${accent.ink};`,
  ]
    .map((line) => indent + line)
    .join('\n')
}

function toRgb(text: string): Rgb {
  return parseColor(text) ?? DEFAULT_ACCENT
}
