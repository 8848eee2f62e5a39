import {
  clientCredentials,
  inLargeStore,
  inSmallStore,
  introspecting,
  redeeming,
  refreshing,
  signedIn,
} from '../contenders/growth/index.ts'
import type { Row } from '../row.ts'

type Work = Parameters<typeof inLargeStore>[0]

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
]
