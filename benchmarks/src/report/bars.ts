import { type GaugeResult, isGauge, outdated, type Result, type Results, type RowResult } from '../results.ts'
import type { Target } from '../row.ts'
import { gaugeVerdict, inUnit } from './gauge.ts'
import { times } from './table.ts'
import { type Outcome, reached, verdictsOf } from './verdict.ts'

/** One target as the chart shows it. */
export type Bar = {
  readonly title: string
  /** What it stands against. */
  readonly against: string
  /** How much of the target is reached: from 1 on, all of it. */
  readonly reached: number
  readonly outcome: Outcome
  /** The day and the commit, where they are not those of the newest row. */
  readonly older: string | null
  readonly value: string
  readonly wanted: string
  /** The same in words, for who cannot see it. */
  readonly sentence: string
}

/** Bars that mean the same: more requests for one CPU-second are no shorter wait, and neither is a megabyte. */
export type Section = { readonly heading: string; readonly bars: readonly Bar[] }

const REQUESTS = 'Requests per CPU-second of the server: Doorward as a multiple of the others'
const LATENCY = 'Latency of 99 in 100 answers: as a multiple of the others'
const ALONE = 'Start and memory: Doorward alone, against a limit'

const headingOf = (result: Result): string => {
  if (isGauge(result)) return ALONE
  return result.figure === 'p99Ms' ? LATENCY : REQUESTS
}

/** All targets that were measured and count, by what their figures are. */
export function sectionsOf(results: Results): readonly Section[] {
  const old = outdated(results)
  const sections = Map.groupBy(results.rows, headingOf)
  return [REQUESTS, LATENCY, ALONE].flatMap((heading) => {
    const bars = (sections.get(heading) ?? []).flatMap((result) => {
      const older = old.has(result) ? olderNote(result) : null
      return isGauge(result) ? [limitBar(result, older)] : targetBars(result, older)
    })
    return bars.length === 0 ? [] : [{ heading, bars }]
  })
}

const olderNote = ({ surroundings: { measuredAt, revision } }: Result): string =>
  `${measuredAt.slice(0, 10)}, ${revision}`

function targetBars(row: RowResult, older: string | null): readonly Bar[] {
  return verdictsOf(row).flatMap((verdict) => {
    const { ratio, against, outcome } = verdict
    if (ratio === null || outcome === 'not valid') return []
    const wanted = wantedOf(verdict)
    const words = `${row.title}: ${times(ratio)} ${against}, target ${wanted} ×, ${outcome}`
    const bar = { title: row.title, against, reached: reached(verdict, ratio), outcome, older }
    return [{ ...bar, value: times(ratio), wanted, sentence: sentenceOf(words, older) }]
  })
}

function limitBar(gauge: GaugeResult, older: string | null): Bar {
  const verdict = gaugeVerdict(gauge)
  const value = inUnit(verdict.value, gauge.unit)
  const wanted = `at most ${gauge.atMost}`
  const outcome = verdict.holds ? 'holds' : 'missed'
  const words = `${gauge.title}: ${value}, target ${wanted} ${gauge.unit}, ${outcome}`
  const bar = { title: gauge.title, against: 'the limit', reached: verdict.reached, outcome, older } as const
  return { ...bar, value, wanted, sentence: sentenceOf(words, older) }
}

const sentenceOf = (words: string, older: string | null): string =>
  older === null ? `${words}.` : `${words} (older: ${older}).`

const wantedOf = (target: Target): string =>
  'atLeast' in target ? String(target.atLeast) : `at most ${target.atMost}`
