/**
 * What can go wrong with a database:
 * 'unavailable' cannot be reached, is locked, or may not be used · 'newer_schema' written by a newer program ·
 * 'corrupt' damaged · 'foreign' a file of another program · 'full' no space left · 'exists' the file to write
 * is there already · 'unsupported' not on this database · 'failed' anything else: a bug.
 */
export type StorageErrorCode =
  | 'unavailable'
  | 'newer_schema'
  | 'corrupt'
  | 'foreign'
  | 'full'
  | 'exists'
  | 'unsupported'
  | 'failed'

/** The only error that storage throws. The message is public: cause and fix, never data. `cause` is for the log. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: StorageErrorCode

  constructor(code: StorageErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
