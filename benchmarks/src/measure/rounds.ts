import type { ContenderResult, Round } from '../results.ts'
import type { Contender, Plan, Row, Running } from '../row.ts'
import { coreSeconds, cpuSeconds } from './cpu-time.ts'
import { runWrk } from './wrk.ts'
import type { LoadFigures } from './wrk-output.ts'

/** How long and how often each contender is under load. */
export type Settings = {
  readonly rounds: number
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly connections: number
  /** The core of the servers, and that of the load. */
  readonly cores: { readonly server: number; readonly load: number }
}

/** Told what is under way. */
export type Progress = (doing: string) => void

type Started = { readonly contender: Contender; readonly running: Running; readonly warmUp: LoadFigures }

/** More requests a second than any contender that uses up a stock answers, and the room left above what was seen. */
const FIRST_GUESS = 8_000
const ROOM = 1.6

/**
 * Starts all contenders, looks at an answer of each, warms each up alike, and lets them take turns under load. Those
 * that wait are stopped (SIGSTOP), so that they take nothing from the one whose turn it is. Answers the contenders
 * in the row's order.
 */
export async function measureRow(
  row: Row,
  settings: Settings,
  progress: Progress,
): Promise<readonly ContenderResult[]> {
  const started: Started[] = []
  const absent = new Map<Contender, string>()
  try {
    for (const contender of row.contenders) {
      const missing = contender.missing?.() ?? null
      if (missing === null) started.push(await warmUp(contender, settings, progress))
      else absent.set(contender, missing)
    }
    const rounds = await takeTurns(started, settings, progress)
    return row.contenders.map((contender) => {
      const { name, kind, note, version } = contender
      const result = { name, kind, note, version: version?.() ?? null }
      return { ...result, missing: absent.get(contender) ?? null, rounds: rounds.get(contender) ?? [] }
    })
  } finally {
    for (const { running } of started) await running.stop()
  }
}

async function warmUp(contender: Contender, settings: Settings, progress: Progress): Promise<Started> {
  progress(`${contender.name}: starting`)
  const { warmUpSeconds: seconds } = settings
  const running = await contender.start(settings.cores.server)
  try {
    await running.verify()
    progress(`${contender.name}: warming up`)
    const figures = await underLoad(running, planOf(settings, seconds, FIRST_GUESS), settings)
    pause(running)
    return { contender, running, warmUp: figures }
  } catch (cause) {
    await running.stop()
    throw new Error(`${contender.name}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

async function takeTurns(
  started: readonly Started[],
  settings: Settings,
  progress: Progress,
): Promise<ReadonlyMap<Contender, readonly Round[]>> {
  const turns = started.map((one) => ({ ...one, rounds: [] as Round[] }))
  for (let round = 1; round <= settings.rounds; round++) {
    for (const { contender, running, warmUp, rounds } of turns) {
      progress(`${contender.name}: round ${round} of ${settings.rounds}`)
      resume(running)
      const fastest = Math.max(...[warmUp, ...rounds].map(({ requests, seconds }) => requests / seconds))
      rounds.push(await underLoad(running, planOf(settings, settings.seconds, fastest * ROOM), settings))
      pause(running)
    }
  }
  return new Map(turns.map(({ contender, rounds }) => [contender, rounds]))
}

const planOf = ({ connections }: Settings, seconds: number, rate: number): Plan => ({
  seconds,
  connections,
  requests: Math.ceil(rate * seconds) + connections,
})

async function underLoad(running: Running, plan: Plan, { cores }: Settings): Promise<Round> {
  await running.prepare?.(plan)
  const clock = () => ({
    own: cpuSeconds(running.pids),
    core: coreSeconds(cores.server),
    now: performance.now() / 1000,
  })
  const before = clock()
  const figures = await runWrk(running.load, plan, cores.load)
  const after = clock()
  const own = after.own - before.own
  const others = after.core - before.core - own
  return { ...figures, cpuSeconds: own, othersShare: Math.max(0, others / (after.now - before.now)) }
}

const pause = (running: Running) => signal(running, 'SIGSTOP')
const resume = (running: Running) => signal(running, 'SIGCONT')

function signal({ pids, pausable }: Running, name: 'SIGSTOP' | 'SIGCONT'): void {
  if (pausable === false) return
  for (const pid of pids) process.kill(pid, name)
}
