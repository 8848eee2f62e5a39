import type { Contender, Plan, Row, Running } from '../row.ts'
import { cpuSeconds } from './cpu-time.ts'
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

/** One turn of one contender. */
export type Round = LoadFigures & { readonly cpuSeconds: number }

/** What a row gave for one contender: its rounds, or why there are none. */
export type Measured = {
  readonly contender: Contender
  readonly rounds: readonly Round[]
  /** Why it was not measured, or null. */
  readonly missing: string | null
}

/** Told what is under way. */
export type Progress = (doing: string) => void

type Started = { readonly contender: Contender; readonly running: Running; readonly warmUp: LoadFigures }

/** More requests a second than any contender that uses up a stock answers, and the room left above what was seen. */
const FIRST_GUESS = 8_000
const ROOM = 1.6

/**
 * Starts all contenders, looks at an answer of each, warms each up alike, and lets them take turns under load. Those
 * that wait are stopped (SIGSTOP), so that they take nothing from the one whose turn it is.
 */
export async function measureRow(
  row: Row,
  settings: Settings,
  progress: Progress,
): Promise<readonly Measured[]> {
  const started: Started[] = []
  const absent: Measured[] = []
  try {
    for (const contender of row.contenders) {
      const missing = contender.missing?.() ?? null
      if (missing !== null) {
        absent.push({ contender, rounds: [], missing })
        continue
      }
      progress(`${contender.name}: starting`)
      started.push(await warmUp(contender, settings, progress))
    }
    return [...(await takeTurns(started, settings, progress)), ...absent]
  } finally {
    for (const { running } of started) await running.stop()
  }
}

async function warmUp(contender: Contender, settings: Settings, progress: Progress): Promise<Started> {
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
): Promise<readonly Measured[]> {
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
  return turns.map(({ contender, rounds }) => ({ contender, rounds, missing: null }))
}

const planOf = ({ connections }: Settings, seconds: number, rate: number): Plan => ({
  seconds,
  connections,
  requests: Math.ceil(rate * seconds) + connections,
})

async function underLoad(running: Running, plan: Plan, { cores }: Settings): Promise<Round> {
  await running.prepare?.(plan)
  const before = cpuSeconds(running.pids)
  const figures = await runWrk(running.load, plan, cores.load)
  return { ...figures, cpuSeconds: cpuSeconds(running.pids) - before }
}

const pause = (running: Running) => signal(running, 'SIGSTOP')
const resume = (running: Running) => signal(running, 'SIGCONT')

function signal({ pids, pausable }: Running, name: 'SIGSTOP' | 'SIGCONT'): void {
  if (pausable === false) return
  for (const pid of pids) process.kill(pid, name)
}
