import { refresh } from '../contenders/code-flow/refresh.ts'
import { doorwardClientCredentials } from '../contenders/doorward/client-credentials.ts'
import { startDoorwardCodeServer } from '../contenders/doorward/code-server.ts'
import { startToFirstToken } from '../contenders/doorward/first-token.ts'
import { memoryAfter } from '../contenders/doorward/memory.ts'
import { DOORWARD } from '../contenders/doorward/set-up.ts'
import type { Contender, Gauge } from '../row.ts'

const ANSWERS = 100_000

const memory = (work: Pick<Gauge, 'id' | 'title' | 'note'>, contender: Contender): Gauge => ({
  ...work,
  group: 'start',
  unit: 'MB',
  atMost: 120,
  rounds: 1,
  measure: (cpu) => memoryAfter(contender, ANSWERS, cpu),
})

/** What a Doorward that nobody has used yet costs, and one that has worked for a while. */
export const START_GAUGES: readonly Gauge[] = [
  {
    ...startToFirstToken,
    id: 'start-to-first-token',
    group: 'start',
    title: 'Start to first token, embedded, empty data folder',
    atMost: 1,
  },
  memory(
    {
      id: 'memory-after-100000-tokens',
      title: 'Resident memory after 100,000 tokens',
      note: 'VmRSS right after the last of at least 100,000 client_credentials answers over 32 connections, on one core.',
    },
    doorwardClientCredentials('ES256'),
  ),
  memory(
    {
      id: 'memory-after-100000-rotations',
      title: 'Resident memory after 100,000 refresh rotations',
      note: 'VmRSS right after the last of at least 100,000 refresh rotations over 32 connections, on one core, all on disk.',
    },
    refresh(DOORWARD, startDoorwardCodeServer, 'access-only'),
  ),
]
