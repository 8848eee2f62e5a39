import { isGauge, NOISY_SHARE, outdated, type Results, type RowResult } from '../results.ts'
import type { Target } from '../row.ts'
import { gaugeTable } from './gauge.ts'
import { placeAndTime } from './surroundings.ts'
import { figuresOf, othersShare, problemsOf, type Verdict, verdictsOf } from './verdict.ts'

const HEADINGS = ['', 'req/CPU-s', 'req/s', 'p50', 'p99', 'bad']

const count = (value: number): string => Math.round(value).toLocaleString('en-US')
const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`

/** `1.87 ×` */
export const times = (ratio: number): string => `${ratio.toFixed(2)} ×`

/** One row for the terminal: its contenders, and beside each the ratio that a target asks for. */
export function rowTable(row: RowResult): string {
  const verdicts = new Map(verdictsOf(row).map((verdict) => [verdict.against, verdict]))
  const lines = row.contenders.map((contender) => {
    const figures = figuresOf(contender)
    const verdict = verdicts.get(contender.name)
    if (figures === null) return [contender.name, `not measured here: ${contender.missing ?? 'it never ran'}`]
    return [
      contender.name,
      // Where latency counts, part of the CPU time went to what others sent.
      row.figure === 'p99Ms' ? '' : count(figures.perCpuSecond),
      count(figures.perSecond),
      milliseconds(figures.p50Ms),
      milliseconds(figures.p99Ms),
      count(figures.bad),
      ...(verdict === undefined ? [] : [verdictText(verdict)]),
    ]
  })
  const remarks = [...problemsOf(row).map((problem) => `not valid: ${problem}`), ...noise(row)]
  const body = [...aligned([HEADINGS, ...lines]), ...remarks, placeAndTime(row)].map((line) => `  ${line}`)
  return [`${row.title}  (${row.id})`, ...body].join('\n')
}

/** `Doorward 1.87 ×, at least 2 ×: missed` */
export function verdictText(verdict: Verdict): string {
  const { ratio, outcome } = verdict
  return `Doorward ${ratio === null ? '?' : times(ratio)}, ${bound(verdict)}: ${outcome}`
}

/** All that is kept, for the terminal; what does not compare with the newest says so. */
export function keptTable(results: Results): string {
  const old = outdated(results)
  const tables = results.rows.map((result) => {
    const table = isGauge(result) ? gaugeTable(result) : rowTable(result)
    return old.has(result) ? `${table}\n  older: of another commit or machine than the newest row` : table
  })
  return tables.length === 0 ? 'Nothing has been measured yet.' : tables.join('\n\n')
}

const bound = (target: Target): string =>
  'atLeast' in target ? `at least ${target.atLeast} ×` : `at most ${target.atMost} ×`

function noise(row: RowResult): readonly string[] {
  const share = othersShare(row)
  if (share <= NOISY_SHARE) return []
  const percent = Math.round(share * 100)
  return [
    `noisy: other processes took up to ${percent} % of the server's core; measure again in a quieter hour`,
  ]
}

/** The first column to the left, figures to the right, what follows them free. */
function aligned(lines: readonly (readonly string[])[]): readonly string[] {
  const widths = HEADINGS.map((_, at) =>
    Math.max(...lines.map((line) => (line.length < HEADINGS.length && at > 0 ? 0 : (line[at]?.length ?? 0)))),
  )
  return lines.map((line) =>
    line
      .map((cell, at) => {
        if (at === 0) return cell.padEnd(widths[0] ?? 0)
        return at < HEADINGS.length && line.length >= HEADINGS.length ? cell.padStart(widths[at] ?? 0) : cell
      })
      .join('  ')
      .trimEnd(),
  )
}
