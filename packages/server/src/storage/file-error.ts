import { StorageError } from './storage-error.ts'

/** What the file system said of `what` ('The data folder'), as a StorageError. */
export function fromFileSystem(error: unknown, what: string): StorageError {
  if (error instanceof StorageError) return error
  const code = error instanceof Error && 'code' in error ? error.code : null
  switch (code) {
    case 'EEXIST':
      return new StorageError(
        'exists',
        `${what} is there already. Choose another name, or move it away.`,
        error,
      )
    case 'ENOTDIR':
      return new StorageError('unavailable', `${what} would be inside a file. Name a folder.`, error)
    case 'ENOENT':
      return new StorageError('unavailable', `${what} has no folder to be in. Make it first.`, error)
    case 'EACCES':
    case 'EPERM':
      return new StorageError(
        'unavailable',
        `${what} may not be written by this account. Give it access.`,
        error,
      )
    case 'EROFS':
      return new StorageError('unavailable', `${what} is on a read-only disk. Choose another place.`, error)
    case 'ENOSPC':
    case 'EDQUOT':
      return new StorageError('full', 'The disk is full. Free some space.', error)
    default:
      return new StorageError('unavailable', `${what} cannot be used. The log has the cause.`, error)
  }
}
