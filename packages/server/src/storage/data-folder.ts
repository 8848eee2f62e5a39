import { chmod, mkdir, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fromFileSystem } from './file-error.ts'

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
    await mkdir(files.folder, { recursive: true, mode: 0o700 })
    await touchPrivate(files.database)
    await touchPrivate(files.migrationLock)
    await syncFolder(files.folder)
  } catch (error) {
    throw fromFileSystem(error, 'The data folder')
  }
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

/** Puts the folder's entries on disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
