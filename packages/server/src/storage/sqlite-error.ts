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

/** What node:sqlite threw, as a StorageError. */
export function fromSqlite(error: unknown): StorageError {
  if (error instanceof StorageError) return error
  const code =
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0
  // Extended codes keep the primary one in their low byte.
  const [kind, message] = CAUSES[code & 0xff] ?? ['failed', 'The database refused a statement.']
  return new StorageError(kind, message, error)
}
