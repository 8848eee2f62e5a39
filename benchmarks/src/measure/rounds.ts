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

type Started = { readonly contender: Contender; readonly running: Running }

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
      started.push({ contender, running: await warmUp(contender, settings, progress) })
    }
    return [...(await takeTurns(started, settings, progress)), ...absent]
  } finally {
    for (const { running } of started) await running.stop()
  }
}

async function warmUp(contender: Contender, settings: Settings, progress: Progress): Promise<Running> {
  const { cores, warmUpSeconds, connections } = settings
  const running = await contender.start(cores.server)
  try {
    await running.verify()
    progress(`${contender.name}: warming up`)
    await underLoad(running, { seconds: warmUpSeconds, connections }, cores.load)
    pause(running)
    return running
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
  const { rounds, seconds, connections, cores } = settings
  const measured = started.map(({ contender }) => ({ contender, rounds: [] as Round[], missing: null }))
  for (let round = 0; round < rounds; round++) {
    for (const [at, { contender, running }] of started.entries()) {
      progress(`${contender.name}: round ${round + 1} of ${rounds}`)
      resume(running)
      measured[at]?.rounds.push(await underLoad(running, { seconds, connections }, cores.load))
      pause(running)
    }
  }
  return measured
}

async function underLoad(running: Running, plan: Plan, cpu: number): Promise<Round> {
  await running.prepare?.(plan)
  const before = cpuSeconds(running.pids)
  const figures = await runWrk(running.load, plan, cpu)
  return { ...figures, cpuSeconds: cpuSeconds(running.pids) - before }
}

const pause = (running: Running) => signal(running, 'SIGSTOP')
const resume = (running: Running) => signal(running, 'SIGCONT')

function signal({ pids, pausable }: Running, name: 'SIGSTOP' | 'SIGCONT'): void {
  if (pausable === false) return
  for (const pid of pids) process.kill(pid, name)
}
