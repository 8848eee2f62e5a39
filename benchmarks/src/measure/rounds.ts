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

/** More requests a second than any contender that uses up a stock answers, and the room left above what was seen. */
const FIRST_GUESS = 8_000
const ROOM = 1.6
const MOST_STOCK = 1_000_000

/** What others send begins this much earlier, and ends this much later. */
const LEAD_SECONDS = 2

/** Turns that neighbours spoil are taken again, and the quietest counts. */
const TRIES = 2

/**
 * Lets the contenders take turns, each turn in a process of its own: started, one answer looked at, warmed up, put
 * under load, ended. Two processes of one server differ for as long as they live, by a quarter and more, so that turns of the
 * same process would agree with one another and not with the next run. Answers the contenders in the row's order.
 */
export async function measureRow(
  row: Row,
  settings: Settings,
  progress: Progress,
): Promise<readonly ContenderResult[]> {
  const contenders = row.contenders.map((contender) => ({
    contender,
    missing: contender.missing?.() ?? null,
    rounds: [] as Round[],
  }))
  for (let round = 1; round <= settings.rounds; round++) {
    for (const { contender, missing, rounds } of contenders) {
      if (missing !== null) continue
      const tell: Progress = (doing) =>
        progress(`round ${round} of ${settings.rounds}: ${contender.name}: ${doing}`)
      rounds.push(await takeTurn(contender, rounds, settings, tell))
    }
  }
  return contenders.map(({ contender: { name, kind, note, version }, missing, rounds }) => {
    return { name, kind, note, version: version?.() ?? null, missing, rounds }
  })
}

async function takeTurn(
  contender: Contender,
  earlier: readonly Round[],
  settings: Settings,
  progress: Progress,
): Promise<Round> {
  progress('starting')
  const running = await contender.start(settings.cores.server)
  try {
    await running.verify()
    progress('warming up')
    const warmUp = await underLoad(running, planOf(settings, settings.warmUpSeconds, FIRST_GUESS), settings)
    const fastest = Math.max(...[warmUp, ...earlier].map(({ requests, seconds }) => requests / seconds))
    progress('under load')
    return await quietTurn(running, planOf(settings, settings.seconds, fastest * ROOM), settings)
  } catch (cause) {
    throw new Error(`${contender.name}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  } finally {
    await running.stop()
  }
}

/** One turn, or the quietest of some: a server that shares its core with others needs more CPU time for the same. */
async function quietTurn(running: Running, plan: Plan, settings: Settings): Promise<Round> {
  const turns: Round[] = []
  while (turns.length < TRIES) {
    await quietCore(settings.cores.server)
    const turn = await underLoad(running, plan, settings)
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
