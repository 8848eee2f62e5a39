import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStorage } from '../../src/storage/open.ts'
import { openSqliteConnection } from '../../src/storage/sqlite-connection.ts'
import type { Backend, Place } from './contract/backend.ts'

/** An empty data folder, not made yet. */
export async function createSqlitePlace(): Promise<Place & { readonly dataDir: string }> {
  const parent = await mkdtemp(join(tmpdir(), 'doorward-storage-'))
  const dataDir = join(parent, 'data')
  const target = { dataDir }
  const run: Place['run'] = async (sql) => {
    const connection = openSqliteConnection(join(dataDir, 'doorward.db'))
    try {
      return connection.all(sql, [])
    } finally {
      connection.close()
    }
  }
  return {
    dataDir,
    target,
    open: (options) => openStorage(target, options),
    run,
    empty: async () => {
      const tables = await run("SELECT name FROM sqlite_master WHERE type = 'table'")
      for (const { name } of tables) {
        if (!/^(?:migrations|meta|sqlite_)/.test(String(name))) await run(`DELETE FROM ${name}`)
      }
    },
    remove: () => rm(parent, { recursive: true, force: true }),
  }
}

export const sqlite: Backend = { name: 'SQLite', shows: 'at once', createPlace: createSqlitePlace }
