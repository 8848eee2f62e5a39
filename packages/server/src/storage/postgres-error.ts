import { StorageError, type StorageErrorCode } from './storage-error.ts'

type Cause = readonly [StorageErrorCode, string]

const REFUSED: Cause = [
  'unavailable',
  'PostgreSQL refused this account. Check user, password and rights in the database URL.',
]
const NOT_REACHED: Cause = [
  'unavailable',
  'PostgreSQL cannot be reached. Check that it runs, and host and port in the database URL.',
]

const BUSY: Cause = [
  'unavailable',
  'Every connection to PostgreSQL stayed busy. Try again, or raise the pool size.',
]

/** SQLSTATEs, or their first two characters (the class), that have a cause worth telling. */
const CAUSES: Readonly<Record<string, Cause>> = {
  '08': NOT_REACHED,
  '28': REFUSED,
  '42501': REFUSED,
  '3D000': [
    'unavailable',
    'PostgreSQL has no database of that name. Create it, or correct the database URL.',
  ],
  '25006': ['unavailable', 'This PostgreSQL only takes reads. Name the primary in the database URL.'],
  '40': ['unavailable', 'Transactions kept colliding. Try again.'],
  '53100': ['full', 'The disk of PostgreSQL is full. Free some space.'],
  '53': ['unavailable', 'PostgreSQL has no connection left. Lower the pool size, or raise max_connections.'],
  '55': ['unavailable', 'The database stayed locked. Try again.'],
  '57': ['unavailable', 'PostgreSQL ended the statement: it shut down, or the statement took too long.'],
  '58': ['unavailable', 'The disk of PostgreSQL failed. Check it.'],
  XX001: ['corrupt', 'The database is damaged. Put back a backup of it.'],
  XX002: ['corrupt', 'An index of the database is damaged. Reindex it, or put back a backup.'],
}

/** A statement that PostgreSQL did not answer: the connection is gone, and what was not committed with it. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

/** Marks what `pg` throws without an answer of PostgreSQL; leaves PostgreSQL's own errors as they are. */
export function orLost(error: unknown): unknown {
  if (error instanceof StorageError || sqlState(error) !== null) return error
  return new ConnectionLost('PostgreSQL did not answer', { cause: error })
}

/** Two transactions met and one had to give way: running it again is right. */
export const isCollision = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error) ?? '')

/** The connection is of no use any more. Class 08 and 57P are PostgreSQL's last words on one. */
export const isLost = (error: unknown): boolean =>
  error instanceof ConnectionLost || /^(?:08|57P)/.test(sqlState(error) ?? '')

/** What was thrown while a verb ran, as a StorageError. */
export function fromPostgres(error: unknown): StorageError {
  if (error instanceof StorageError) return error
  if (error instanceof ConnectionLost) {
    const [code, message] = isBusyPool(error.cause) ? BUSY : NOT_REACHED
    return new StorageError(code, message, error.cause)
  }
  const state = sqlState(error)
  if (state === null) return new StorageError('failed', 'A storage verb failed.', error)
  const [code, message] = CAUSES[state] ?? CAUSES[state.slice(0, 2)] ?? FAILED
  return new StorageError(code, message, withoutData(error, state))
}

const FAILED: Cause = ['failed', 'The database refused a statement.']

/** The words of pg-pool for a wait within the pool; its wait for PostgreSQL itself ends in others. */
const isBusyPool = (error: unknown): boolean =>
  error instanceof Error && error.message === 'timeout exceeded when trying to connect'

/** The five characters that say what PostgreSQL refused (SQL:2023 §24), or null: it never answered. */
function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  return /^[0-9A-Z]{5}$/.test(error.code) && 'severity' in error ? error.code : null
}

/** `detail` and `where` of PostgreSQL's errors quote whole rows, which no log may hold. */
function withoutData(error: unknown, state: string): Error {
  const message = error instanceof Error ? error.message : ''
  return new Error(`PostgreSQL ${state}: ${message}`)
}
