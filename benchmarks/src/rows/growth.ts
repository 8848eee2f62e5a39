import {
  clientCredentials,
  introspecting,
  redeeming,
  refreshing,
  signedIn,
} from '../contenders/growth/index.ts'
import { inLargeStore, inSmallStore, type Work } from '../contenders/growth/server.ts'
import { sweepUnderLoad, unswept, whileSwept } from '../contenders/growth/sweep.ts'
import type { Gauge, Row } from '../row.ts'

const row = (id: string, title: string, work: Work): Row => {
  const small = inSmallStore(work)
  const contenders = [inLargeStore(work), small]
  return { id, group: 'growth', title, contenders, targets: [{ against: small.name, atLeast: 0.8 }] }
}

/** What must not cost more in a full store. */
export const GROWTH_ROWS: readonly Row[] = [
  row('growth-refresh', 'Ten million refresh tokens: rotation', refreshing),
  row('growth-code', 'Ten million refresh tokens: authorization code', redeeming),
  row('growth-client-credentials', 'Ten million refresh tokens: client_credentials', clientCredentials),
  row('growth-introspection', 'Ten million refresh tokens: introspection', introspecting),
  row('growth-session', 'A million users: signed-in page', signedIn),
  {
    id: 'growth-sweep-latency',
    group: 'growth',
    title: 'p99 of 100 introspections a second while ten million refresh tokens are swept',
    figure: 'p99Ms',
    longer: 3,
    contenders: [whileSwept, unswept],
    targets: [{ against: unswept.name, atMost: 3 }],
  },
]

/** That what expires under load leaves as fast as it came. */
export const GROWTH_GAUGES: readonly Gauge[] = [
  {
    ...sweepUnderLoad,
    id: 'growth-sweep',
    group: 'growth',
    title: 'Sweep under full load, for each second of rotations',
    atMost: 1,
  },
]
