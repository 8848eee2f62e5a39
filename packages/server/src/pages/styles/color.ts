/** A colour as three sRGB channels, each 0 to 1. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** Reads `#rgb` or `#rrggbb`; null for anything else. */
export function parseColor(text: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text)
  const long = short ? short.slice(1).map((digit) => digit + digit) : /^#(..)(..)(..)$/.exec(text)?.slice(1)
  if (long === undefined || !/^#[0-9a-f]+$/i.test(text)) return null
  const [red = '', green = '', blue = ''] = long
  return [Number.parseInt(red, 16) / 255, Number.parseInt(green, 16) / 255, Number.parseInt(blue, 16) / 255]
}

/** Writes `#rrggbb`. */
export function formatColor(color: Rgb): string {
  const hex = (channel: number) =>
    Math.round(clamp(channel) * 255)
      .toString(16)
      .padStart(2, '0')
  return `#${color.map(hex).join('')}`
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Rgb, other: Rgb): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)
}

/** The same hue with its OKLab lightness (0 to 1) moved by `by`; colours outside sRGB lose chroma, not hue. */
export function shiftLightness(color: Rgb, by: number): Rgb {
  const [lightness, a, b] = toOklab(color)
  const target = clamp(lightness + by)
  for (let chroma = 1; chroma > 0.01; chroma -= 0.05) {
    const candidate = fromOklab([target, a * chroma, b * chroma])
    if (candidate.every((channel) => channel >= -0.001 && channel <= 1.001)) return clampAll(candidate)
  }
  return clampAll(fromOklab([target, 0, 0]))
}

/**
 * The nearest lightness of `color`, moving towards `direction`, that reaches `ratio` against every one of
 * `grounds`; black or white where none does.
 */
export function reachContrast(
  color: Rgb,
  grounds: readonly Rgb[],
  ratio: number,
  direction: 'lighter' | 'darker',
): Rgb {
  for (let step = 0; step <= 100; step += 1) {
    const by = step / 100
    // Rounded to what a browser will paint, so that the ratio holds for the written colour.
    const candidate = rounded(shiftLightness(color, direction === 'lighter' ? by : -by))
    if (grounds.every((ground) => contrast(candidate, ground) >= ratio)) return candidate
  }
  return direction === 'lighter' ? [1, 1, 1] : [0, 0, 0]
}

function rounded(color: Rgb): Rgb {
  const [red, green, blue] = color
  const round = (channel: number) => Math.round(clamp(channel) * 255) / 255
  return [round(red), round(green), round(blue)]
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value))
}

function clampAll([red, green, blue]: Rgb): Rgb {
  return [clamp(red), clamp(green), clamp(blue)]
}

function toLinear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}

function fromLinear(channel: number): number {
  return channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * toLinear(red) + 0.7152 * toLinear(green) + 0.0722 * toLinear(blue)
}

/** Björn Ottosson's OKLab matrices, https://bottosson.github.io/posts/oklab/ */
function toOklab(color: Rgb): Rgb {
  const [r, g, b] = [toLinear(color[0]), toLinear(color[1]), toLinear(color[2])]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function fromOklab([lightness, a, b]: Rgb): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}
