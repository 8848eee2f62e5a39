import type { ContenderResult, Round, RowResult } from '../results.ts'
import type { Target } from '../row.ts'

/** A contender's figures: the median over its rounds. */
export type Figures = {
  readonly perCpuSecond: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers that were not 2xx, or wrong, or never came, over all rounds. */
  readonly bad: number
}

/** What became of a target. `ratio` is null where one of both was not measured. */
export type Verdict = Target & { readonly ratio: number | null; readonly holds: boolean | null }

/** The middle value; of an even number of values the mean of both in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2
}

const perCpuSecond = ({ requests, cpuSeconds }: Round): number => requests / cpuSeconds

const badAnswers = ({ badStatus, wrongAnswers, socketErrors }: Round): number =>
  badStatus + wrongAnswers + socketErrors

/** The figures of a contender, or null where it was not measured. */
export function figuresOf({ rounds }: ContenderResult): Figures | null {
  if (rounds.length === 0) return null
  const middle = (figure: (round: Round) => number) => median(rounds.map(figure))
  return {
    perCpuSecond: middle(perCpuSecond),
    perSecond: middle(({ requests, seconds }) => requests / seconds),
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    bad: rounds.reduce((sum, round) => sum + badAnswers(round), 0),
  }
}

/**
 * How many times the other's requests per CPU-second ours are: the median of the rounds' ratios, each of two turns that
 * followed one another, so that a machine that slows down in between slows both.
 */
export function ratioOf(ours: ContenderResult, other: ContenderResult): number | null {
  const pairs = ours.rounds.flatMap((round, at) => {
    const against = other.rounds[at]
    return against === undefined ? [] : [perCpuSecond(round) / perCpuSecond(against)]
  })
  return pairs.length === 0 ? null : median(pairs)
}

/** The row's targets, in their order. */
export function verdictsOf({ contenders, targets }: RowResult): readonly Verdict[] {
  const ours = contenders.find(({ kind }) => kind === 'doorward')
  return targets.map((target) => {
    const other = contenders.find(({ name }) => name === target.against)
    const ratio = ours === undefined || other === undefined ? null : ratioOf(ours, other)
    return { ...target, ratio, holds: ratio === null ? null : ratio >= target.atLeast }
  })
}

/** Why the row's figures do not count: a contender that did not do its work. */
export function problemsOf({ contenders }: RowResult): readonly string[] {
  return contenders.flatMap((contender) => {
    const bad = figuresOf(contender)?.bad ?? 0
    return bad === 0 ? [] : [`${contender.name}: ${bad} answers were bad`]
  })
}

/** Whether the row is fit to be shown as reached: its figures count, and no target that was measured is missed. */
export function rowHolds(row: RowResult): boolean {
  return problemsOf(row).length === 0 && verdictsOf(row).every(({ holds }) => holds !== false)
}

/** The largest part of the server's core that went to others in any round. */
export function othersShare({ contenders }: RowResult): number {
  return Math.max(0, ...contenders.flatMap(({ rounds }) => rounds.map((round) => round.othersShare)))
}
