import { newestOf, type Results } from '../results.ts'
import { type Bar, type Section, sectionsOf } from './bars.ts'

const WIDTH = 800
const NAMES = 220
const BAR = { x: NAMES + 16, width: 370, height: 14 } as const
/** Bars are drawn as parts of their target: the mark stands at the same place for all, and half as much again fits. */
const MARK = BAR.width / 1.5
const LINE = 24
const TOP = 64

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** An SVG of all targets: each bar is Doorward's figure as a part of its target, which is the mark. */
export function chart(results: Results): string {
  const sections = sectionsOf(results)
  const bars = sections.flatMap((section) => section.bars)
  const held = bars.filter(({ outcome }) => outcome === 'holds').length
  const lines = sections.flatMap(linesOf)
  const height = TOP + lines.length * LINE + 40
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">Doorward beside its peers: ${held} of ${bars.length} targets reached</title>`,
    `<desc id="desc">${escaped(bars.map(({ sentence }) => sentence).join(' '))}</desc>`,
    STYLE,
    `<rect class="paper" width="${WIDTH}" height="${height}" rx="8"/>`,
    `<text class="small" x="16" y="30">${LEGEND}</text>`,
    ...lines.map((line, at) => line(TOP + at * LINE)),
    `<text class="small" x="16" y="${height - 14}">${escaped(footnote(results))}</text>`,
    '</svg>',
    '',
  ].join('\n')
}

const LEGEND =
  'The line is the target: a bar that reaches it holds. Noisy: others used the server’s core, so it neither holds nor misses.'

/** What is drawn on the line `y`. */
type Line = (y: number) => string

/** A section's heading, the title of each of its rows, and below it a bar for each of its targets. */
function linesOf({ heading, bars }: Section): readonly Line[] {
  const rows = [...Map.groupBy(bars, ({ title }) => title)]
  return [
    (y) => `<text class="head" x="16" y="${y}">${escaped(heading)}</text>`,
    ...rows.flatMap(([title, own]): readonly Line[] => [
      (y) => `<text class="row" x="16" y="${y}">${escaped(title)}${olderOf(own)}</text>`,
      ...own.map(
        (bar): Line =>
          (y) =>
            barOf(bar, y),
      ),
    ]),
    () => '',
  ]
}

const olderOf = ([bar]: readonly Bar[]): string =>
  bar === undefined || bar.older === null ? '' : ` <tspan class="small">older: ${escaped(bar.older)}</tspan>`

const STYLE = `<style>
  .paper { fill: #ffffff; stroke: #d8dcda }
  text { font: 13px system-ui, sans-serif; fill: #1c2421 }
  .head { font-weight: 600 }
  .row { font-weight: 500 }
  .small { font-size: 12px; fill: #56615c }
  .holds { fill: #1f6f54 }
  .missed { fill: #b4572e }
  .noisy { fill: #8a938f }
  .older { opacity: .45 }
  .mark { stroke: #1c2421; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #14191b; stroke: #333c3a }
    text { fill: #e8edea }
    .small { fill: #a3afaa }
    .holds { fill: #4fb58f }
    .missed { fill: #e08a5f }
    .noisy { fill: #7b8682 }
    .mark { stroke: #e8edea }
  }
</style>`

/** A bar whose text stands on the line `y`. */
function barOf(bar: Bar, y: number): string {
  const width = Math.min(BAR.width, bar.reached * MARK)
  const kind = bar.older === null ? bar.outcome : `${bar.outcome} older`
  const noisy = bar.outcome === 'noisy' ? ', noisy' : ''
  return [
    `<text class="small" x="${NAMES}" y="${y}" text-anchor="end">${escaped(bar.against)}</text>`,
    `<rect class="${kind}" x="${BAR.x}" y="${y - 11}" width="${width.toFixed(1)}" height="${BAR.height}" rx="2"/>`,
    `<path class="mark" d="M${BAR.x + MARK} ${y - 16}v${LINE}"/>`,
    `<text x="${BAR.x + BAR.width + 10}" y="${y}">${bar.value} <tspan class="small">of ${bar.wanted}${noisy}</tspan></text>`,
  ].join('\n')
}

function footnote(results: Results): string {
  const newest = newestOf(results)
  if (newest === null) return 'Nothing has been measured yet.'
  const { cpu, node, measuredAt, revision } = newest.surroundings
  return `${cpu}, Node ${node}, ${measuredAt.slice(0, 10)}, ${revision}. npm run bench measures again.`
}
