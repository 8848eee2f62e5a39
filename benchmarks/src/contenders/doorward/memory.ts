import { memoryOf } from '../../measure/gauge.ts'
import { LOAD_CORE, runWrk } from '../../measure/wrk.ts'
import type { LoadFigures } from '../../measure/wrk-output.ts'
import type { Contender, Reading, Running } from '../../row.ts'

const CONNECTIONS = 32
const SECONDS = 5
/** More requests a second than it answers on one core: for a stock of what each uses up. */
const FASTEST = 20_000

/** The memory that a contender of one process has after so many answers to its load, without a pause in which it could give some back. */
export async function memoryAfter(contender: Contender, answers: number, cpu: number): Promise<Reading> {
  const running = await contender.start(cpu)
  try {
    await running.verify()
    const [pid = 0] = running.pids
    const start = memoryOf(pid).resident
    for (let answered = 0; answered < answers; ) answered += (await load(running)).requests
    const { resident, peak } = memoryOf(pid)
    return { value: resident, parts: { start, peak } }
  } finally {
    await running.stop()
  }
}

async function load(running: Running): Promise<LoadFigures> {
  if ('perSecond' in running.load) throw new Error('memory is measured under load, not at a pace')
  const plan = { seconds: SECONDS, connections: CONNECTIONS, requests: FASTEST * SECONDS }
  await running.prepare?.(plan)
  const figures = await runWrk(running.load, plan, LOAD_CORE)
  const bad = figures.badStatus + figures.socketErrors + figures.wrongAnswers
  if (bad > 0) throw new Error(`${bad} answers were bad`)
  return figures
}
