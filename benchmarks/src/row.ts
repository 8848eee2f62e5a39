/** The groups of rows, as `npm run bench -- GROUP` names them, in the order they run. */
export const GROUPS = [
  'token',
  'introspection',
  'guard',
  'session',
  'sign-in',
  'growth',
  'start',
  'workers',
] as const

/** One of {@link GROUPS}. */
export type Group = (typeof GROUPS)[number]

/** One request, repeated by wrk itself: the fastest load there is. */
export type PlainLoad = {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * Requests that a Lua script of ours makes. The script begins with `dofile(os.getenv('BENCH_SUMMARY'))` and may count
 * answers that are wrong in another way than by their status in the global `failures`.
 */
export type ScriptLoad = {
  readonly url: string
  /** Path of the wrk script. */
  readonly script: string
  /** What its `init(args)` is given. */
  readonly args: readonly string[]
}

/** One request at a fixed pace, whether or not the earlier ones were answered; each is measured from when it was due. */
export type PacedLoad = PlainLoad & { readonly perSecond: number }

/** What is sent: as fast as the answers come, or at a pace. */
export type Load = PlainLoad | ScriptLoad | PacedLoad

/** The load that comes. */
export type Plan = {
  readonly seconds: number
  readonly connections: number
  /** More requests than will be sent, by what was seen before: for a stock of what each request uses up. */
  readonly requests: number
}

/** A contender that serves. */
export type Running = {
  /** Every process whose CPU time is the server's: the server and its workers. */
  readonly pids: readonly number[]
  readonly load: Load
  /** What others send meanwhile, as fast as the answers come: its own latency is not the row's. */
  readonly beside?: PlainLoad | ScriptLoad
  /** Looks at one real answer. Throws where it is not the work that the row speaks of. */
  verify(): Promise<void>
  /** Before each load, the warm-up too: makes what the load uses up. Not measured. */
  prepare?(plan: Plan): Promise<void>
  stop(): Promise<void>
}

/**
 * What a contender is: Doorward; another product; the floor, which does only what nobody can leave out; or a baseline,
 * Doorward itself without what the row asks after.
 */
export type Kind = 'doorward' | 'peer' | 'floor' | 'baseline'

/** One of those that a row compares. */
export type Contender = {
  /** As targets and the report name it: `Doorward`, `oidc-provider`, `floor`. */
  readonly name: string
  readonly kind: Kind
  /** How it is set up, in one sentence; the report shows it. */
  readonly note: string
  /** Its version, where it is no npm package of the name `name`. */
  readonly version?: () => string
  /** Why it cannot run on this machine, or null. */
  readonly missing?: () => string | null
  /** Starts it on the processor core `cpu`, ready to serve. */
  start(cpu: number): Promise<Running>
}

/** Doorward's figure must be so many times that of the contender `against`. */
export type Target =
  | { readonly against: string; readonly atLeast: number }
  | { readonly against: string; readonly atMost: number }

/** What a row compares: requests per CPU-second of the server, or its p99. */
export type Figure = 'perCpuSecond' | 'p99Ms'

/** One piece of work, done by all its contenders in turn. */
export type Row = {
  /** Stable, unique: `token-client-credentials-es256`. */
  readonly id: string
  readonly group: Group
  readonly title: string
  /** Fewer connections than the other rows use, where one answer takes so long that a turn would end before it. */
  readonly connections?: number
  /** How many times as long as the other rows' its turns are, where only few requests a second are sent. */
  readonly longer?: number
  /** Default: requests per CPU-second. */
  readonly figure?: Figure
  readonly contenders: readonly Contender[]
  readonly targets: readonly Target[]
}

/** One figure of Doorward alone, and the most that it may be. */
export type Gauge = {
  /** Stable, unique, also among the rows. */
  readonly id: string
  readonly group: Group
  readonly title: string
  /** What exactly is measured. */
  readonly note: string
  readonly unit: 's' | 'MB'
  readonly atMost: number
  /** How often it is measured; the median counts. */
  readonly rounds: number
  /** Measures once, with its server on the core `cpu` unless its note says otherwise. */
  measure(cpu: number): Promise<Reading>
}

/** One measurement, and the figures that it is made of or that explain it, in the same unit. */
export type Reading = {
  readonly value: number
  readonly parts: Readonly<Record<string, number>>
}
