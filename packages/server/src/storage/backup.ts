import { open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFile } from './data-folder.ts'
import { fromFileSystem } from './file-error.ts'
import { openSqliteConnection } from './sqlite-connection.ts'
import { fromSqlite } from './sqlite-error.ts'

/**
 * Copies a database as of one moment, while others write to it: readable by its owner only, and on disk when it
 * is done. Overwrites nothing. Throws StorageError.
 */
export async function backup(database: string, file: string): Promise<void> {
  try {
    // Made here and not by SQLite, so that it is never there under other rights.
    await (await open(file, 'wx', 0o600)).close()
  } catch (error) {
    throw fromFileSystem(error, 'The backup file')
  }
  try {
    await copy(database, file)
    await syncFile(file)
    await syncFile(dirname(file))
  } catch (error) {
    await rm(file, { force: true })
    throw fromSqlite(error)
  }
}

/** On a connection of its own, whose one long read stands in nobody's way. */
async function copy(database: string, file: string): Promise<void> {
  const source = openSqliteConnection(database)
  try {
    await source.backup(file)
  } finally {
    source.close()
  }
}
