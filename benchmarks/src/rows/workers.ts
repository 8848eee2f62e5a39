import { oneProcess, twoWorkers } from '../contenders/workers/index.ts'
import type { Row } from '../row.ts'

/** Several processes on one port. */
export const WORKER_ROWS: readonly Row[] = [
  {
    id: 'two-workers',
    group: 'workers',
    title: 'Two workers over PostgreSQL: client credentials',
    contenders: [twoWorkers, oneProcess],
    targets: [{ against: 'one process', atLeast: 0.9 }],
  },
]
