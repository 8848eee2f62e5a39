import { accentOn } from './styles/theme.ts'

/**
 * The brand mark: a door a little ajar, in the operator's accent. Attributes only, no style, so that no
 * policy on the image can strip it. The accent is a colour by its schema; a broken one becomes the default.
 */
export function brandMark(accent: string): string {
  const { fill, onFill } = accentOn('light', accent)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">
<rect width="32" height="32" rx="8" fill="${fill}"/>
<path d="M15.5 7h.5a7 7 0 0 1 7 7v11" fill="none" stroke="${onFill}" stroke-width="2" stroke-linecap="round"/>
<path d="M8 14a8 8 0 0 1 8-8c2.2 1.8 3.3 4.5 3.3 7.9v12.3a1 1 0 0 1-1.3 1l-8.9-2.6A1.5 1.5 0 0 1 8 23.1z" fill="${onFill}"/>
<circle cx="15.9" cy="17.8" r="1.3" fill="${fill}"/>
</svg>
`
}
