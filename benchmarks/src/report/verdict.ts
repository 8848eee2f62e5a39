import { type ContenderResult, NOISY_SHARE, type Round, type RowResult } from '../results.ts'
import type { Figure, Target } from '../row.ts'

/** A contender's figures: the median over its rounds. */
export type Figures = {
  readonly perCpuSecond: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers with a status from 400 on, or wrong, or never came, over all rounds. */
  readonly bad: number
}

/**
 * What is said of a target: a server whose core others used too needs more CPU time for the same work, and a contender that
 * answered badly did other work, so such figures neither hold nor miss.
 */
export type Outcome = 'holds' | 'missed' | 'noisy' | 'not valid' | 'not measured'

/** What became of a target. `ratio` is null where one of both was not measured. */
export type Verdict = Target & { readonly ratio: number | null; readonly outcome: Outcome }

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
 * How many times the other's figure ours is, by default that of requests per CPU-second: the median of the rounds' ratios, each of two turns that
 * followed one another, so that a machine that slows down in between slows both.
 */
export function ratioOf(
  ours: ContenderResult,
  other: ContenderResult,
  figure: (round: Round) => number = perCpuSecond,
): number | null {
  const pairs = ours.rounds.flatMap((round, at) => {
    const against = other.rounds[at]
    return against === undefined ? [] : [figure(round) / figure(against)]
  })
  return pairs.length === 0 ? null : median(pairs)
}

const FIGURES: Readonly<Record<Figure, (round: Round) => number>> = {
  perCpuSecond,
  p99Ms: ({ p99Ms }) => p99Ms,
}

/** How much of its target a ratio reaches: from 1 on, all of it. */
export const reached = (target: Target, ratio: number): number =>
  'atLeast' in target ? ratio / target.atLeast : target.atMost / ratio

/** The row's targets, in their order. */
export function verdictsOf(row: RowResult): readonly Verdict[] {
  const { contenders, targets, figure = 'perCpuSecond' } = row
  const ours = contenders.find(({ kind }) => kind === 'doorward')
  const valid = problemsOf(row).length === 0
  return targets.map((target) => {
    const other = contenders.find(({ name }) => name === target.against)
    const ratio = ours === undefined || other === undefined ? null : ratioOf(ours, other, FIGURES[figure])
    const noisy = othersShare({ contenders: [ours, other].filter((one) => one !== undefined) }) > NOISY_SHARE
    return { ...target, ratio, outcome: outcomeOf(target, ratio, { valid, noisy }) }
  })
}

function outcomeOf(
  target: Target,
  ratio: number | null,
  { valid, noisy }: { readonly valid: boolean; readonly noisy: boolean },
): Outcome {
  if (ratio === null) return 'not measured'
  if (!valid) return 'not valid'
  if (noisy) return 'noisy'
  return reached(target, ratio) >= 1 ? 'holds' : 'missed'
}

/** Why the row's figures do not count: a contender that did not do its work. */
export function problemsOf({ contenders }: RowResult): readonly string[] {
  return contenders.flatMap((contender) => {
    const bad = figuresOf(contender)?.bad ?? 0
    return bad === 0 ? [] : [`${contender.name}: ${bad} answers were bad`]
  })
}

/** Whether the row is fit to be shown as reached: its figures count, and each target that was measured holds. */
export function rowHolds(row: RowResult): boolean {
  const fit = verdictsOf(row).every(({ outcome }) => outcome === 'holds' || outcome === 'not measured')
  return problemsOf(row).length === 0 && fit
}

/** The largest part of the server's core that went to others in any round. */
export function othersShare({ contenders }: Pick<RowResult, 'contenders'>): number {
  return Math.max(0, ...contenders.flatMap(({ rounds }) => rounds.map((round) => round.othersShare)))
}
