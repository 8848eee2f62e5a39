import { processTree } from '../../measure/cpu-time.ts'
import { LOAD_CORE } from '../../measure/wrk.ts'
import type { Contender, Running } from '../../row.ts'
import { checkToken, makeClient, tokenRequest } from '../doorward/client-credentials.ts'
import { startFilled } from '../doorward/server.ts'
import { postgresDatabase } from './postgres.ts'

const ALG = 'ES256'

/** Two workers on both cores, of which the second is the load's and PostgreSQL's too. */
export const twoWorkers: Contender = {
  name: 'Doorward',
  kind: 'doorward',
  note: '`doorward start --workers 2` over PostgreSQL, on two cores. CPU time is that of the primary and its workers; PostgreSQL’s own is not counted.',
  start: (cpu) => startWorkers(2, [cpu, LOAD_CORE]),
}

/** The same server as one process on one core. */
export const oneProcess: Contender = {
  name: 'one process',
  kind: 'baseline',
  note: '`doorward start --workers 1` over a PostgreSQL of its own, on one core. PostgreSQL’s own CPU time is not counted.',
  start: (cpu) => startWorkers(1, [cpu]),
}

async function startWorkers(count: number, cpu: readonly number[]): Promise<Running> {
  const start = { cpu, place: await postgresDatabase(), flags: ['--workers', String(count)] }
  const { server, filled } = await startFilled(start, (workplace) => makeClient(workplace, ALG))
  const load = tokenRequest(server, filled)
  return {
    pids: processTree(server.pid),
    load,
    verify: () => checkToken(load, ALG),
    stop: server.stop,
  }
}
