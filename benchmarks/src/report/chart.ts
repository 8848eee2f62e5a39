import { type GaugeResult, isGauge, type Result, type Results, type RowResult } from '../results.ts'
import type { Target } from '../row.ts'
import { gaugeVerdict, inUnit } from './gauge.ts'
import { times } from './table.ts'
import { problemsOf, reached, verdictsOf } from './verdict.ts'

const WIDTH = 760
const NAMES = 220
const BAR = { x: NAMES + 16, width: 390, height: 14 } as const
/** Bars are drawn as parts of their target: the mark stands at the same place for all, and half as much again fits. */
const MARK = BAR.width / 1.5
const LINE = 24
const TOP = 84

type Bar = {
  readonly result: Result
  /** What it stands against. */
  readonly against: string
  /** How much of the target is reached: from 1 on, all of it. */
  readonly reached: number
  readonly value: string
  readonly wanted: string
  /** The same in words, for who cannot see it. */
  readonly sentence: string
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** An SVG of all targets: each bar is Doorward's figure as a part of its target, which is the mark. */
export function chart(results: Results): string {
  const bars = barsOf(results)
  const rows = [...Map.groupBy(bars, ({ result }) => result).values()]
  const held = bars.filter(holds).length
  const bottom = TOP + (rows.length + bars.length) * LINE
  const height = bottom + 40
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">Doorward beside its peers: ${held} of ${bars.length} targets reached</title>`,
    `<desc id="desc">${escaped(bars.map(({ sentence }) => sentence).join(' '))}</desc>`,
    STYLE,
    `<rect class="paper" width="${WIDTH}" height="${height}" rx="8"/>`,
    '<text class="head" x="16" y="30">Requests per CPU-second of the server: Doorward as a multiple of the others</text>',
    '<text class="small" x="16" y="50">The line is the target: a bar that reaches it holds.</text>',
    ...drawn(rows),
    `<text class="small" x="16" y="${height - 14}">${escaped(footnote(results))}</text>`,
    '</svg>',
    '',
  ].join('\n')
}

/** Each row's title, and below it a bar for each of its targets. */
function drawn(rows: readonly (readonly Bar[])[]): readonly string[] {
  const lines: string[] = []
  let y = TOP
  for (const bars of rows) {
    lines.push(`<text class="row" x="16" y="${y}">${escaped(bars[0]?.result.title ?? '')}</text>`)
    for (const bar of bars) {
      y += LINE
      lines.push(barOf(bar, y))
    }
    y += LINE
  }
  return lines
}

const STYLE = `<style>
  .paper { fill: #ffffff; stroke: #d8dcda }
  text { font: 13px system-ui, sans-serif; fill: #1c2421 }
  .head { font-weight: 600 }
  .row { font-weight: 500 }
  .small { font-size: 12px; fill: #56615c }
  .holds { fill: #1f6f54 }
  .missed { fill: #b4572e }
  .mark { stroke: #1c2421; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #14191b; stroke: #333c3a }
    text { fill: #e8edea }
    .small { fill: #a3afaa }
    .holds { fill: #4fb58f }
    .missed { fill: #e08a5f }
    .mark { stroke: #e8edea }
  }
</style>`

const barsOf = ({ rows }: Results): readonly Bar[] =>
  rows.flatMap((result) => (isGauge(result) ? [limitBar(result)] : targetBars(result)))

const holds = (bar: Pick<Bar, 'reached'>): boolean => bar.reached >= 1

const outcome = (bar: Pick<Bar, 'reached'>): string => (holds(bar) ? 'holds' : 'missed')

/** Only what was measured and counts is drawn. */
function targetBars(row: RowResult): readonly Bar[] {
  if (problemsOf(row).length > 0) return []
  return verdictsOf(row).flatMap((verdict) => {
    const { ratio, against } = verdict
    if (ratio === null) return []
    const part = { reached: reached(verdict, ratio) }
    const sentence = `${row.title}: ${times(ratio)} ${against}, target ${wanted(verdict)} ×, ${outcome(part)}.`
    return [{ ...part, result: row, against, value: times(ratio), wanted: wanted(verdict), sentence }]
  })
}

function limitBar(gauge: GaugeResult): Bar {
  const verdict = gaugeVerdict(gauge)
  const value = inUnit(verdict.value, gauge.unit)
  const wanted = `at most ${gauge.atMost}`
  const sentence = `${gauge.title}: ${value}, target ${wanted} ${gauge.unit}, ${outcome(verdict)}.`
  return { result: gauge, against: 'the limit', reached: verdict.reached, value, wanted, sentence }
}

/** A bar whose text stands on the line `y`. */
function barOf(bar: Bar, y: number): string {
  const width = Math.min(BAR.width, bar.reached * MARK)
  return [
    `<text class="small" x="${NAMES}" y="${y}" text-anchor="end">${escaped(bar.against)}</text>`,
    `<rect class="${outcome(bar)}" x="${BAR.x}" y="${y - 11}" width="${width.toFixed(1)}" height="${BAR.height}" rx="2"/>`,
    `<path class="mark" d="M${BAR.x + MARK} ${y - 16}v${LINE}"/>`,
    `<text x="${BAR.x + BAR.width + 10}" y="${y}">${bar.value} <tspan class="small">of ${bar.wanted}</tspan></text>`,
  ].join('\n')
}

const wanted = (target: Target): string =>
  'atLeast' in target ? String(target.atLeast) : `at most ${target.atMost}`

function footnote({ rows }: Results): string {
  const [first] = rows
  if (first === undefined) return 'Nothing has been measured yet.'
  const days = rows.map(({ surroundings }) => surroundings.measuredAt.slice(0, 10)).toSorted()
  const [from = '', to = ''] = [days[0], days.at(-1)]
  const { cpu, node } = first.surroundings
  return `${cpu}, Node ${node}, ${from === to ? from : `${from} to ${to}`}. npm run bench measures again.`
}
