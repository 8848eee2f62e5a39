/**
 * Colours, sizes and spaces of every page, once. Warm greys; amber warns, red is danger. The accent's own
 * tokens (`--accent…`) come from theme.css. Test: each pair of text and ground is at least 4.5 : 1, each
 * control 3 : 1.
 */
export const LIGHT = {
  ground: '#f5f3ef',
  card: '#ffffff',
  sunken: '#f7f5f2',
  text: '#24211c',
  muted: '#655f56',
  hairline: '#e5e1d9',
  'control-line': '#8a8378',
  'control-hover': '#f3f0eb',
  'control-pressed': '#eae6df',
  danger: '#b02a20',
  'danger-ground': '#fcf1ef',
  warning: '#7f4e00',
  'warning-ground': '#fbf2de',
} as const

/** Colours where the person prefers dark. */
export const DARK = {
  ground: '#151310',
  card: '#1e1c18',
  sunken: '#25221e',
  text: '#eeeae3',
  muted: '#aca59a',
  hairline: '#35312b',
  'control-line': '#7f786d',
  'control-hover': '#2a2722',
  'control-pressed': '#34302a',
  danger: '#f4a59d',
  'danger-ground': '#39211e',
  warning: '#e9bd6c',
  'warning-ground': '#332916',
} as const satisfies Record<keyof typeof LIGHT, string>

const declarations = (tokens: Readonly<Record<string, string>>, indent: string) =>
  Object.entries(tokens)
    .map(([name, value]) => `${indent}--${name}: ${value};`)
    .join('\n')

/** The tokens as custom properties, light by default, dark where the person's system is. */
export const tokens = `:root {
  color-scheme: light dark;
  --font: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  --font-code: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace;
  --size-small: 0.875rem;
  --size-text: 1rem;
  --size-lead: 1.25rem;
  --size-title: 1.75rem;
  --space-1: 4px;
  --space-2: 8px;
  --space-3: 12px;
  --space-4: 16px;
  --space-5: 24px;
  --space-6: 32px;
  --space-7: 48px;
  --radius-control: 8px;
  --radius-card: 12px;
  --control-height: 44px;
  --shadow: 0 16px 48px rgb(60 50 30 / 8%);
${declarations(LIGHT, '  ')}
}
@media (prefers-color-scheme: dark) {
  :root {
    --shadow: 0 16px 48px rgb(0 0 0 / 40%);
${declarations(DARK, '    ')}
  }
}
`
