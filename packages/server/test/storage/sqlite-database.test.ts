import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteConnection } from '../../src/storage/sqlite-connection.ts'
import { openSqliteDatabase, sqliteMigrationStatus } from '../../src/storage/sqlite-database.ts'
import { aUser, countUsers } from './contract/samples.ts'
import { createSqlitePlace } from './sqlite-place.ts'

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
const failure = (opened: Promise<unknown>) =>
  opened.then(
    () => null,
    (error: unknown) => error,
  )

describe('the embedded database', () => {
  let place: Awaited<ReturnType<typeof createSqlitePlace>>
  let file: string
  beforeEach(async () => {
    place = await createSqlitePlace()
    file = join(place.dataDir, 'doorward.db')
  })
  afterEach(() => place.remove())

  it('syncs every commit, logs ahead, waits for locks and checks foreign keys', async () => {
    const { connection } = await openSqliteDatabase(place.dataDir)
    const pragma = (name: string) => Object.values(connection.all(`PRAGMA ${name}`, [])[0] ?? {})[0]
    // 2 is FULL: with 1 (NORMAL) or 0 (OFF) an answered write can be lost with the power.
    expect(pragma('synchronous')).toBe(2)
    expect(pragma('journal_mode')).toBe('wal')
    expect(pragma('busy_timeout')).toBe(5000)
    expect(pragma('foreign_keys')).toBe(1)
    expect(pragma('page_size')).toBe(2048)
    connection.close()
  })

  it('is for nobody else to read: the folder 0700, its files 0600', async () => {
    const storage = await place.open()
    await storage.users.insert(aUser())
    expect(await mode(place.dataDir)).toBe('700')
    for (const name of ['doorward.db', 'doorward.db-wal', 'doorward.db-shm', 'migrate.lock']) {
      expect([name, await mode(join(place.dataDir, name))]).toEqual([name, '600'])
    }
    await storage.close()
    await chmod(file, 0o644)
    await (await place.open()).close()
    expect(await mode(file)).toBe('600')
  })

  it('opens on one empty folder from several processes at once', async () => {
    const script = fileURLToPath(new URL('first-start.ts', import.meta.url))
    const run = () =>
      promisify(execFile)(process.execPath, ['--conditions=@doorward/source', script, place.dataDir])
    const outputs = await Promise.all(Array.from({ length: 5 }, run))
    expect(outputs.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 5 }, () => 'written'))
    const storage = await place.open()
    expect(await countUsers(storage)).toBe(5)
    await storage.close()
  })

  it('waits for who is changing the tables', async () => {
    await mkdir(place.dataDir)
    const changing = openSqliteConnection(join(place.dataDir, 'migrate.lock'), 0)
    changing.exec('BEGIN IMMEDIATE')
    let opened = false
    const opening = place.open().then((storage) => {
      opened = true
      return storage
    })
    // In the time of two other first starts it would be open, if it did not wait.
    for (let times = 0; times < 2; times += 1) {
      const reference = await createSqlitePlace()
      await (await reference.open()).close()
      await reference.remove()
    }
    expect(opened).toBe(false)
    expect((await stat(file)).size).toBe(0)
    changing.close()
    await (await opening).close()
  })

  it('says that a file is no database, and leaves it as it is', async () => {
    await mkdir(place.dataDir)
    await writeFile(file, 'something else entirely'.repeat(100))
    const error = await failure(place.open())
    expect(error).toMatchObject({ name: 'StorageError', code: 'corrupt' })
    expect(String(error)).toMatch(/not a SQLite database.*backup/)
    expect(await readFile(file, 'utf8')).toMatch(/^something else/)
  })

  it('says that a database belongs to another program, and leaves it as it is', async () => {
    await mkdir(place.dataDir)
    const foreign = openSqliteConnection(file, 0)
    foreign.exec('CREATE TABLE users (name text)')
    foreign.close()
    const error = await failure(place.open())
    expect(error).toMatchObject({ name: 'StorageError', code: 'foreign' })
    expect(await place.run("SELECT name FROM sqlite_master WHERE type = 'table'")).toEqual([
      { name: 'users' },
    ])
  })

  it('says that it is damaged', async () => {
    const storage = await place.open()
    for (let times = 0; times < 100; times += 1) await storage.users.insert(aUser())
    await storage.close()
    const bytes = await readFile(file)
    bytes.fill(0x5a, 4096)
    await writeFile(file, bytes)
    expect(await failure(place.open().then((opened) => countUsers(opened)))).toMatchObject({
      code: 'corrupt',
    })
  })

  it('says that its folder is a file', async () => {
    await writeFile(place.dataDir, 'a file')
    const error = await failure(place.open())
    expect(error).toMatchObject({ name: 'StorageError', code: 'unavailable' })
    expect(String(error)).toContain('folder')
  })

  it('is asked for its status without being made', async () => {
    expect((await sqliteMigrationStatus(place.dataDir)).applied).toEqual([])
    expect(await failure(stat(place.dataDir))).toMatchObject({ code: 'ENOENT' })
  })

  it('starts after a process that died while it made the tables', async () => {
    await mkdir(place.dataDir)
    const dying = openSqliteConnection(file, 0)
    dying.exec('PRAGMA journal_mode = WAL')
    dying.exec('BEGIN IMMEDIATE')
    dying.exec('CREATE TABLE users (id text)')
    // A process that ends closes its files; what it had not committed is not there.
    dying.close()
    const storage = await place.open()
    expect(await storage.users.insert(aUser())).not.toBeNull()
    await storage.close()
  })
})
