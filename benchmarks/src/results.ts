import type { LoadFigures } from './measure/wrk-output.ts'
import type { Contender, Figure, Gauge, Group, Reading, Target } from './row.ts'

/** One turn of one contender. */
export type Round = LoadFigures & {
  /** User and system time of the server's processes. */
  readonly cpuSeconds: number
  /** The part of the server's core that other processes took, from 0 to 1. */
  readonly othersShare: number
}

/** Above this share of the server's core, what others did shows in every figure. */
export const NOISY_SHARE = 0.05

/** What a row gave for one contender. */
export type ContenderResult = Pick<Contender, 'name' | 'kind' | 'note'> & {
  readonly version: string | null
  /** Why it was not measured here, or null. */
  readonly missing: string | null
  readonly rounds: readonly Round[]
}

/** Where and how a row was measured. */
export type Surroundings = {
  readonly measuredAt: string
  readonly cpu: string
  readonly cores: number
  readonly node: string
  readonly kernel: string
  /** The last commit that changed what is measured; ends with `+` where files had changed since. */
  readonly revision: string
  readonly rounds: number
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly connections: number
}

/** Everything that is kept of a row. */
export type RowResult = {
  readonly id: string
  readonly group: Group
  readonly title: string
  /** Default: requests per CPU-second. */
  readonly figure?: Figure
  readonly surroundings: Surroundings
  readonly targets: readonly Target[]
  readonly contenders: readonly ContenderResult[]
}

/** Everything that is kept of a gauge. Of the kinds of results it alone has a limit, `atMost`. */
export type GaugeResult = Omit<Gauge, 'measure' | 'rounds'> & {
  readonly version: string | null
  readonly surroundings: Surroundings
  readonly readings: readonly Reading[]
}

/** What is kept of one line of the command's plan. */
export type Result = RowResult | GaugeResult

/** `benchmarks/results/latest.json` */
export type Results = { readonly rows: readonly Result[] }

/** Tells both kinds apart. */
export const isGauge = (result: Result): result is GaugeResult => 'atMost' in result

const CODE_AND_MACHINE = ['revision', 'cpu', 'cores', 'node', 'kernel'] as const

/**
 * Which rows stand beside the newest without being comparable: of another commit, or of another machine. A set that was measured
 * group by group has none.
 */
export function outdated({ rows }: Results): ReadonlySet<Result> {
  const newest = newestOf({ rows })
  if (newest === null) return new Set()
  return new Set(
    rows.filter(({ surroundings }) =>
      CODE_AND_MACHINE.some((name) => surroundings[name] !== newest.surroundings[name]),
    ),
  )
}

/** The row that was measured last, or null of none. */
export function newestOf({ rows }: Results): Result | null {
  const [newest = null] = rows.toSorted((one, other) =>
    other.surroundings.measuredAt.localeCompare(one.surroundings.measuredAt),
  )
  return newest
}

/** The newer rows in the place of the older of the same id, in the order of `ids`; rows that are no more are left out. */
export function mergeResults(older: Results, newer: readonly Result[], ids: readonly string[]): Results {
  const byId = new Map([...older.rows, ...newer].map((row) => [row.id, row]))
  return { rows: ids.flatMap((id) => byId.get(id) ?? []) }
}
