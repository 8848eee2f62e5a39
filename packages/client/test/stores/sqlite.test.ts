import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sqliteStore } from '../../src/stores/sqlite.ts'
import { StoreError } from '../../src/stores/store-error.ts'
import { describeContract } from './contract.ts'
import { createSqlitePlace, sqlite } from './place.ts'
import { NOW, signIn } from './samples.ts'

describeContract(sqlite)

describe('a SQLite file', () => {
  it('is made for this account alone, and keeps a log that is synced with each commit', async () => {
    const place = await createSqlitePlace()
    const store = place.open()
    await signIn(store)
    expect((await stat(place.folder)).mode & 0o777).toBe(0o700)
    expect((await stat(place.file)).mode & 0o777).toBe(0o600)
    expect((await stat(`${place.file}-wal`)).mode & 0o777).toBe(0o600)
    expect(await place.run('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
    await store.close()
    await place.remove()
  })

  it('is made once by six processes that start at once', async () => {
    const place = await createSqlitePlace()
    const program = fileURLToPath(new URL('programs/first-use.ts', import.meta.url))
    const ends = Array.from({ length: 6 }, async () => {
      const child = spawn(process.execPath, ['--conditions=@doorward/source', program, place.file], {
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      const [code] = await once(child, 'exit')
      return code
    })
    expect(await Promise.all(ends)).toEqual([0, 0, 0, 0, 0, 0])
    expect(await place.run('SELECT count(*) AS keys FROM doorward_replays')).toEqual([{ keys: 1 }])
    await place.remove()
  })

  it('that is none, or has no place to be, is told by name', async () => {
    const place = await createSqlitePlace()
    await place.open().close()
    const inFile = sqliteStore({ file: join(import.meta.filename, 'client.db') })
    await expect(inFile.sweep(NOW, 1)).rejects.toThrow(StoreError)
    const text = join(place.folder, '..', 'text.db')
    await writeFile(text, 'not a database, but long enough to be looked at as one')
    await expect(sqliteStore({ file: text }).sweep(NOW, 1)).rejects.toThrow(/not a database/)
    await place.remove()
  })
})
