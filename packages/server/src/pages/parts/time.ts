import { html } from 'hono/html'
import type { Html } from '../layout.ts'

/** A moment in the person's own way of writing, in UTC since the server cannot know their clock. */
export function time(seconds: number, locale: string): Html {
  const date = new Date(seconds * 1000)
  return html`<time datetime="${date.toISOString()}">${formatFor(locale, 'moment').format(date)} UTC</time>`
}

/** The day of a moment, with the exact one in its title. */
export function day(seconds: number, locale: string): Html {
  const date = new Date(seconds * 1000)
  const exact = `${formatFor(locale, 'moment').format(date)} UTC`
  return html`<time datetime="${date.toISOString()}" title="${exact}">${formatFor(locale, 'day').format(date)}</time>`
}

/** True where `day` shows two moments as one. */
export function isSameDay(one: number, other: number): boolean {
  return Math.floor(one / 86_400) === Math.floor(other / 86_400)
}

const STYLES = {
  moment: { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' },
  day: { dateStyle: 'long', timeZone: 'UTC' },
} as const

const FORMATS = new Map<string, Intl.DateTimeFormat>()

/** Making one takes longer than the rest of the page, so each locale's is kept. */
function formatFor(locale: string, style: keyof typeof STYLES): Intl.DateTimeFormat {
  const key = `${style} ${locale}`
  const known = FORMATS.get(key)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat(locale, STYLES[style])
  FORMATS.set(key, made)
  return made
}
