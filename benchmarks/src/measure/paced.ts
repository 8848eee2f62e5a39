import { Agent, request } from 'node:http'
import type { PacedLoad } from '../row.ts'
import type { LoadFigures } from './wrk-output.ts'

/** Timers fire up to this much late: for the rest the time is watched. */
const TIMER_MS = 2

/** As long as wrk waits for an answer, before it counts as one that never came. */
const PATIENCE_MS = 60_000

type Answer = { readonly latencyMs: number; readonly status: number }

/**
 * Sends requests at a fixed pace (an open loop) and measures each from the moment it was due, so that a server that stands
 * still is charged for all that wait behind it, too. An answer that takes longer than `patienceMs` counts as a failed connection.
 */
export async function runPaced(
  load: PacedLoad,
  seconds: number,
  patienceMs = PATIENCE_MS,
): Promise<LoadFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const start = performance.now() + TIMER_MS
  const underWay: Promise<Answer>[] = []
  for (let sent = 0; sent < load.perSecond * seconds; sent++) {
    const due = start + (sent * 1_000) / load.perSecond
    await until(due)
    const sending = send(load, agent, patienceMs)
    underWay.push(sending.then((status) => ({ latencyMs: performance.now() - due, status })))
  }
  const answers = await Promise.all(underWay)
  agent.destroy()
  return { ...figuresOf(answers), seconds }
}

async function until(due: number): Promise<void> {
  const early = due - performance.now() - TIMER_MS
  if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
  while (performance.now() < due) await new Promise((resolve) => setImmediate(resolve))
}

/** The status of the answer, once all of it has come; 0 where the connection failed, or it did not come in time. */
function send({ url, method, headers, body }: PacedLoad, agent: Agent, patienceMs: number): Promise<number> {
  const signal = AbortSignal.timeout(patienceMs)
  return new Promise((resolve) => {
    const sent = request(url, { method, headers, agent, signal }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
      response.once('error', () => resolve(0))
    })
    // An answer that was cut off may fail on both, and twice.
    sent.on('error', () => resolve(0))
    sent.end(body)
  })
}

function figuresOf(answers: readonly Answer[]): Omit<LoadFigures, 'seconds'> {
  const latencies = answers.map(({ latencyMs }) => latencyMs).toSorted((one, other) => one - other)
  const rank = (percent: number) => latencies[Math.ceil((latencies.length * percent) / 100) - 1] ?? Number.NaN
  return {
    requests: answers.length,
    badStatus: answers.filter(({ status }) => status >= 400).length,
    socketErrors: answers.filter(({ status }) => status === 0).length,
    wrongAnswers: 0,
    p50Ms: rank(50),
    p99Ms: rank(99),
  }
}
