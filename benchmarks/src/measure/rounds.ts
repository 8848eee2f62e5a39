import { setTimeout } from 'node:timers/promises'
import { type ContenderResult, NOISY_SHARE, type Round } from '../results.ts'
import type { Contender, Load, Plan, Row, Running } from '../row.ts'
import { coreSeconds, cpuSeconds } from './cpu-time.ts'
import { runPaced } from './paced.ts'
import { quietCore } from './quiet.ts'
import { runWrk } from './wrk.ts'
import { type LoadFigures, OutOfStock } from './wrk-output.ts'

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
const MOST_STOCK = 1_000_000

/** What others send begins this much earlier, and ends this much later. */
const LEAD_SECONDS = 2

/** Turns that neighbours spoil are taken again, and the quietest counts. */
const TRIES = 2

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
      const fastest = Math.max(...[warmUp, ...rounds].map(({ requests, seconds }) => requests / seconds))
      rounds.push(await quietTurn(running, planOf(settings, settings.seconds, fastest * ROOM), settings))
    }
  }
  return new Map(turns.map(({ contender, rounds }) => [contender, rounds]))
}

/** One turn, or the quietest of some: a server that shares its core with others needs more CPU time for the same. */
async function quietTurn(running: Running, plan: Plan, settings: Settings): Promise<Round> {
  const turns: Round[] = []
  while (turns.length < TRIES) {
    await quietCore(settings.cores.server)
    resume(running)
    const turn = await underLoad(running, plan, settings)
    pause(running)
    turns.push(turn)
    if (turn.othersShare <= NOISY_SHARE || isBad(turn)) return turn
  }
  return turns.reduce((quietest, turn) => (turn.othersShare < quietest.othersShare ? turn : quietest))
}

/** A turn with a bad answer is never taken again: it counts. */
const isBad = ({ badStatus, socketErrors, wrongAnswers }: Round): boolean =>
  badStatus + socketErrors + wrongAnswers > 0

const planOf = ({ connections }: Settings, seconds: number, rate: number): Plan => ({
  seconds,
  connections,
  requests: Math.ceil(rate * seconds) + connections,
})

/** One turn, with a stock that lasts: a server that gets its core back may be faster than any turn before. */
async function underLoad(running: Running, plan: Plan, settings: Settings): Promise<Round> {
  for (let { requests } = plan; ; requests *= 2) {
    try {
      return await underLoadOnce(running, { ...plan, requests }, settings)
    } catch (cause) {
      if (!(cause instanceof OutOfStock) || requests > MOST_STOCK) throw cause
    }
  }
}

async function underLoadOnce(running: Running, plan: Plan, { cores }: Settings): Promise<Round> {
  await running.prepare?.(plan)
  const clock = () => ({
    own: cpuSeconds(running.pids),
    core: coreSeconds(cores.server),
    now: performance.now() / 1000,
  })
  const before = clock()
  const figures = await send(running, plan, cores.load)
  const after = clock()
  const own = after.own - before.own
  const others = after.core - before.core - own
  const othersShare = Math.max(0, others / (after.now - before.now))
  return { ...figures, cpuSeconds: thousandths(own), othersShare: thousandths(othersShare) }
}

/** Sends the load, in the midst of what others send. A bad answer counts, whoever got it. */
async function send({ load, beside }: Running, plan: Plan, cpu: number): Promise<LoadFigures> {
  if (beside === undefined) return sendAlone(load, plan, cpu)
  const others = runWrk(beside, { ...plan, seconds: plan.seconds + 2 * LEAD_SECONDS }, cpu)
  const [figures, { badStatus, socketErrors, wrongAnswers }] = await Promise.all([
    setTimeout(LEAD_SECONDS * 1_000).then(() => sendAlone(load, plan, cpu)),
    others,
  ])
  return {
    ...figures,
    badStatus: figures.badStatus + badStatus,
    socketErrors: figures.socketErrors + socketErrors,
    wrongAnswers: figures.wrongAnswers + wrongAnswers,
  }
}

const sendAlone = (load: Load, plan: Plan, cpu: number): Promise<LoadFigures> =>
  'perSecond' in load ? runPaced(load, plan.seconds) : runWrk(load, plan, cpu)

/** The clocks tick in hundredths: what is beyond is noise of the arithmetic. */
const thousandths = (value: number): number => Math.round(value * 1000) / 1000

const pause = (running: Running) => signal(running, 'SIGSTOP')
const resume = (running: Running) => signal(running, 'SIGCONT')

function signal({ pids, pausable }: Running, name: 'SIGSTOP' | 'SIGCONT'): void {
  if (pausable === false) return
  for (const pid of pids) process.kill(pid, name)
}
