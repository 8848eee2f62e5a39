import { raw } from 'hono/html'
import type { Html } from '../layout.ts'

const PATHS = {
  check: '<path d="m4.5 10.5 3.5 3.5 7.5-8"/>',
  clock: '<circle cx="10" cy="10" r="7"/><path d="M10 6v4.2l2.8 1.6"/>',
  warning: '<path d="M10 3.2 17.6 16.5H2.4z"/><path d="M10 8.2v3.6M10 14.1v.1"/>',
  error: '<circle cx="10" cy="10" r="7.2"/><path d="M10 6.4v4.4M10 13.5v.1"/>',
  shield:
    '<path d="M10 2.6 16 5v4.6c0 3.8-2.5 6.5-6 7.8-3.5-1.3-6-4-6-7.8V5z"/><path d="m7.4 10 1.9 1.9 3.4-3.6"/>',
  plus: '<path d="M10 4.5v11M4.5 10h11"/>',
  key: '<circle cx="6.8" cy="10" r="3.6"/><path d="M10.4 10h7M14.6 10v2.8"/>',
  forward: '<path d="m8 5 5 5-5 5"/>',
} as const

type IconName = keyof typeof PATHS

/** A line icon in the colour of its text. Decoration only: words beside it say the same. */
export function icon(name: IconName, size: 'normal' | 'small' = 'normal'): Html {
  const classes = size === 'small' ? 'icon icon-small' : 'icon'
  return raw(
    `<svg class="${classes}" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${PATHS[name]}</svg>`,
  )
}
