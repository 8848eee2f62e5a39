import { type Gauge, GROUPS, type Row } from '../row.ts'
import { GROWTH_GAUGES, GROWTH_ROWS } from './growth.ts'
import { GUARD_ROWS } from './guard.ts'
import { INTROSPECTION_ROWS } from './introspection.ts'
import { SESSION_ROWS } from './session.ts'
import { SIGN_IN_ROWS } from './sign-in.ts'
import { START_GAUGES } from './start.ts'
import { TOKEN_ROWS } from './token.ts'
import { WORKER_ROWS } from './workers.ts'

/** Every row that compares contenders. */
export const ROWS: readonly Row[] = [
  ...TOKEN_ROWS,
  ...INTROSPECTION_ROWS,
  ...GUARD_ROWS,
  ...SESSION_ROWS,
  ...SIGN_IN_ROWS,
  ...GROWTH_ROWS,
  ...WORKER_ROWS,
]

/** Every figure of Doorward alone. */
export const GAUGES: readonly Gauge[] = [...GROWTH_GAUGES, ...START_GAUGES]

/** All that can be measured, in the order of the groups. */
export const PLAN: readonly (Row | Gauge)[] = [...ROWS, ...GAUGES].toSorted(
  (a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group),
)
