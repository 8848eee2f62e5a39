import { chmod, mkdir, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fromFileSystem } from './file-error.ts'
import { StorageError } from './storage-error.ts'

/** The files of an embedded database. */
export type DataFolder = {
  readonly folder: string
  readonly database: string
  /** A second small database, whose lock lets one process at a time make or change the tables. */
  readonly migrationLock: string
}

/** The paths in a data folder. */
export const dataFolder = (folder: string): DataFolder => ({
  folder,
  database: join(folder, 'doorward.db'),
  migrationLock: join(folder, 'migrate.lock'),
})

/**
 * Makes what is missing: the folder 0700 and its files 0600. SQLite gives its -wal and -shm files the mode of
 * the database. Throws StorageError.
 */
export async function prepareDataFolder(files: DataFolder): Promise<void> {
  try {
    await makeFolder(files.folder)
    await touchPrivate(files.database)
    await touchPrivate(files.migrationLock)
    await syncFile(files.folder)
  } catch (error) {
    throw fromFileSystem(error, 'The data folder')
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
    // 'recursive' takes a folder that is there for made; what is there is something else.
    .catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      throw new StorageError('unavailable', 'The data folder is a file. Name a folder.', error)
    })
}

/** Whether there is a database already. */
export async function hasDatabase(files: DataFolder): Promise<boolean> {
  return stat(files.database).then(
    (found) => found.size > 0,
    () => false,
  )
}

async function touchPrivate(file: string): Promise<void> {
  const handle = await open(file, 'a', 0o600)
  try {
    const { mode } = await handle.stat()
    // One that was copied here may be readable by others.
    if ((mode & 0o077) !== 0) await chmod(file, 0o600)
  } finally {
    await handle.close()
  }
}

/** Puts a file's bytes, or a folder's entries, on disk. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
