import type { Row } from '../row.ts'
import { INTROSPECTION_ROWS } from './introspection.ts'
import { TOKEN_ROWS } from './token.ts'

/** Every row, in the order they run. */
export const ROWS: readonly Row[] = [...TOKEN_ROWS, ...INTROSPECTION_ROWS]
