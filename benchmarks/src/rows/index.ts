import type { Row } from '../row.ts'
import { GUARD_ROWS } from './guard.ts'
import { INTROSPECTION_ROWS } from './introspection.ts'
import { SESSION_ROWS } from './session.ts'
import { SIGN_IN_ROWS } from './sign-in.ts'
import { TOKEN_ROWS } from './token.ts'

/** Every row, in the order they run. */
export const ROWS: readonly Row[] = [
  ...TOKEN_ROWS,
  ...INTROSPECTION_ROWS,
  ...GUARD_ROWS,
  ...SESSION_ROWS,
  ...SIGN_IN_ROWS,
]
