import { LOAD_CORE, runWrk } from '../../measure/wrk.ts'
import type { Contender, Gauge, Reading, Running } from '../../row.ts'
import { checkActive, introspectionOf, refreshing } from './index.ts'
import { largeStore, startOn, type Work } from './server.ts'
import { expiredTokens, sweptTokens } from './store.ts'

const PER_SECOND = 100
/** Seconds of requests as fast as they come, so that the code under measure is compiled. */
const WARM_UP = { seconds: 3, connections: 32, requests: 0 }
const LOAD = { seconds: 10, connections: 32, requests: 0 }

/** A hundred introspections a second in the large store while expired rows are removed from it. */
export const whileSwept: Contender = {
  name: 'Doorward',
  kind: 'doorward',
  note: `The store of 10 million refresh tokens under its sweep, which has millions of rows to remove, and ${PER_SECOND} introspections a second.`,
  start: (cpu) => startSwept(introspectingAtPace, cpu),
}

/** The same with nothing swept. */
export const unswept: Contender = {
  name: 'not swept',
  kind: 'baseline',
  note: `The same store and ${PER_SECOND} introspections a second, with nothing swept.`,
  start: async (cpu) => startOn(await largeStore(), introspectingAtPace, cpu),
}

/** Throws at the end where the sweep came to one before. */
async function startSwept(work: Work, cpu: number): Promise<Running> {
  const store = await largeStore()
  const running = await startOn(store, work, cpu, 'always')
  const stop = async () => {
    await running.stop()
    if (sweptTokens(store) >= expiredTokens(store)) throw new Error('nothing was left to be swept')
  }
  return { ...running, stop }
}

const introspectingAtPace: Work = async (store, url) => {
  const question = await introspectionOf(store, url)
  await runWrk(question, WARM_UP, LOAD_CORE)
  return { load: { ...question, perSecond: PER_SECOND }, verify: () => checkActive(question) }
}

/** How long the sweep takes to remove what a second of rotations, as many as one core can do, has written. */
export const sweepUnderLoad: Omit<Gauge, 'id' | 'group' | 'title' | 'atMost'> = {
  note:
    'Refresh tokens that rotation over 32 connections writes in a second, as fast as the answers come, for each expired one that the sweep removes in that second. ' +
    'Beside it: seconds for ten thousand rotations, and for ten thousand rows swept.',
  unit: 's',
  rounds: 3,
  measure,
}

async function measure(cpu: number): Promise<Reading> {
  const store = await largeStore()
  const running = await startSwept(refreshing, cpu)
  try {
    await running.verify()
    const { load } = running
    if ('perSecond' in load) throw new Error('the sweep is measured under full load')
    await running.prepare?.(LOAD)
    const before = sweptTokens(store)
    const { requests, seconds, ...figures } = await runWrk(load, LOAD, LOAD_CORE)
    const swept = sweptTokens(store) - before
    const bad = figures.badStatus + figures.socketErrors + figures.wrongAnswers
    if (bad > 0) throw new Error(`${bad} answers were bad`)
    const tenThousand = (rows: number) => (seconds * 10_000) / rows
    return { value: requests / swept, parts: { rotations: tenThousand(requests), swept: tenThousand(swept) } }
  } finally {
    await running.stop()
  }
}
