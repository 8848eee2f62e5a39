import { StorageError, type StorageErrorCode } from './storage-error.ts'

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) that have a cause worth telling. */
const CAUSES: Readonly<Record<number, readonly [StorageErrorCode, string]>> = {
  3: ['unavailable', 'The database file may not be used by this account. Give it read and write access.'],
  5: ['unavailable', 'The database stayed locked by another process. Try again, or end that process.'],
  6: ['unavailable', 'The database stayed locked by another process. Try again, or end that process.'],
  8: ['unavailable', 'The database file is read-only. Give this account write access to the data folder.'],
  10: ['unavailable', 'The disk failed while the database was read or written. Check the disk.'],
  11: ['corrupt', 'The database file is damaged. Put back a backup of it.'],
  13: ['full', 'The disk is full. Free some space.'],
  14: [
    'unavailable',
    'The database file cannot be opened. Check that the data folder exists and is writable.',
  ],
  26: [
    'corrupt',
    'The database file is not a SQLite database. Put back a backup, or use another data folder.',
  ],
}

const BUSY = 5
const FAILED = ['failed', 'A storage verb failed.'] as const

/** Another connection holds the lock for longer than this one waits. */
export const isLocked = (error: unknown): boolean => resultCode(error) === BUSY

/** What was thrown while a verb ran, as a StorageError. */
export function fromSqlite(error: unknown): StorageError {
  if (error instanceof StorageError) return error
  const [code, message] = CAUSES[resultCode(error)] ?? FAILED
  return new StorageError(code, message, error)
}

/** The primary code of node:sqlite's errors, 0 of all others. Extended codes keep it in their low byte. */
function resultCode(error: unknown): number {
  const has = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
  return has ? Number(error.errcode) & 0xff : 0
}
