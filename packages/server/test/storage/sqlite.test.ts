import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SqliteRunner } from '../../src/storage/sqlite.ts'
import { openSqliteConnection, type SqliteConnection } from '../../src/storage/sqlite-connection.ts'
import { openSqliteDatabase } from '../../src/storage/sqlite-database.ts'
import { type AroundCommit, count, createCompiler, row, statement } from '../../src/storage/statement.ts'
import { createSqlitePlace } from './sqlite-place.ts'

const insert = statement((db, v: { name: string; value: string }) =>
  db.insertInto('meta').values({ name: v.name, value: v.value }),
)
const find = statement((db, v: { name: string }) =>
  db.selectFrom('meta').select('value').where('name', '=', v.name),
)
const remove = statement((db, v: { name: string }) => db.deleteFrom('meta').where('name', '=', v.name))

function* write(name: string) {
  yield* count(insert, { name, value: 'x' })
  return name
}
function* writeTwice(name: string) {
  yield* write(`${name}-first`)
  yield* write(name)
  throw new RangeError('a bug in a verb')
}
function* read(name: string) {
  return (yield* row(find, { name }))?.value ?? null
}

describe('verbs on SQLite', () => {
  let place: Awaited<ReturnType<typeof createSqlitePlace>>
  let connection: SqliteConnection
  let start: (aroundCommit?: AroundCommit) => SqliteRunner
  beforeEach(async () => {
    place = await createSqlitePlace()
    const database = await openSqliteDatabase(place.dataDir)
    connection = database.connection
    start = (aroundCommit) =>
      new SqliteRunner(connection, {
        compile: createCompiler(database.db),
        aroundCommit: aroundCommit ?? null,
      })
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await place.remove()
  })

  it('share one commit when they are asked for in one turn', async () => {
    let commits = 0
    const run = start((commit) => {
      commits += 1
      return commit()
    })
    const names = Array.from({ length: 20 }, (_, at) => `n${at}`)
    expect(await Promise.all(names.map((name) => run.write(() => write(name))))).toEqual(names)
    expect(commits).toBe(1)
    await run.write(() => write('later'))
    expect(commits).toBe(2)
    await run.close()
  })

  it('share it a turn longer while each turn brings more, and a lone one waits for nobody', async () => {
    const commits: string[] = []
    const run = start((commit) => {
      commits.push(asked.splice(0).join(' '))
      return commit()
    })
    const asked: string[] = []
    const ask = (name: string) => {
      asked.push(name)
      return run.write(() => write(name))
    }
    const inTurns = async (turns: readonly (readonly string[])[]) => {
      const answers: Promise<unknown>[] = []
      for (const names of turns) {
        answers.push(...names.map(ask))
        await setImmediate()
      }
      await Promise.all(answers)
    }
    await inTurns([['a', 'b'], ['c'], ['d'], ['e'], ['f']])
    await inTurns([['g', 'h'], [], ['i']])
    await inTurns([['j'], ['k']])
    expect(commits).toEqual(['a b c d e', 'f', 'g h', 'i', 'j', 'k'])
    await run.close()
  })

  describe('that sweep', () => {
    const sweeping = (name: string, work = () => {}) =>
      function* () {
        work()
        return yield* count(remove, { name })
      }
    /** What the file has without its log. */
    const namesInFile = async () => {
      const copy = join(place.dataDir, 'copy.db')
      await copyFile(join(place.dataDir, 'doorward.db'), copy)
      const file = openSqliteConnection(copy)
      const rows = file.all("SELECT name FROM meta WHERE name <> 'written_by' ORDER BY name", [])
      file.close()
      return rows.map(({ name }) => name)
    }

    it('move what was written into the file, also where somebody has begun to read', async () => {
      const run = start()
      await run.write(() => write('nothing'))
      await run.sweep(sweeping('nothing'))
      await run.write(() => write('a'))
      await run.write(() => write('b'))
      expect(await namesInFile()).toEqual([])
      const reading = run.write(() => write('c')).then(() => run.read(() => read('c')))
      expect(await run.sweep(sweeping('a'))).toMatchObject({ gone: 1 })
      expect(await reading).toBe('x')
      expect(await namesInFile()).toEqual(['b', 'c'])
      await run.close()
    })

    it('say how long they worked and moved, without what shared their commit', async () => {
      let now = 1_000
      vi.spyOn(performance, 'now').mockImplementation(() => now)
      const pass = (milliseconds: number) => () => {
        now += milliseconds
      }
      const command = connection.run
      vi.spyOn(connection, 'run').mockImplementation((sql, values) => {
        if (sql.includes('wal_checkpoint')) now += 5
        return command(sql, values)
      })
      const run = start()
      await run.write(() => write('a'))
      const other = run.write(sweeping('other', pass(100)))
      expect(await run.sweep(sweeping('a', pass(7)))).toEqual({ gone: 1, workMs: 7, heldMs: 12 })
      await other
      await run.close()
    })

    it('end where the database is closed meanwhile', async () => {
      const run = start()
      await run.write(() => write('a'))
      const swept = run.sweep(sweeping('a'))
      await run.close()
      expect(await swept).toMatchObject({ gone: 1 })
    })

    it('have removed what they removed where the file cannot be written, as on a full disk', async () => {
      const run = start()
      await run.write(() => write('a'))
      const command = connection.run
      let refused = 0
      vi.spyOn(connection, 'run').mockImplementation((sql, values) => {
        if (!sql.includes('wal_checkpoint')) return command(sql, values)
        refused += 1
        throw new Error('database or disk is full')
      })
      expect(await run.sweep(sweeping('a'))).toMatchObject({ gone: 1 })
      expect(await run.sweep(sweeping('a'))).toMatchObject({ gone: 0 })
      // Where nothing went there is nothing to move.
      expect(refused).toBe(1)
      await run.close()
    })
  })

  it('see one state of the file in one turn, and the next state in the next', async () => {
    vi.spyOn(performance, 'now').mockReturnValue(1_000)
    const run = start()
    const other = openSqliteConnection(join(place.dataDir, 'doorward.db'))
    const insertElsewhere = (name: string) =>
      other.all('INSERT INTO meta (name, value) VALUES (?, ?)', [name, 'x'])
    expect(await run.read(() => read('first'))).toBeNull()
    insertElsewhere('first')
    expect(await run.read(() => read('first'))).toBeNull()
    expect(run.changedElsewhere()).toBe(true)
    await setImmediate()
    expect(run.changedElsewhere()).toBe(true)
    expect(await run.read(() => read('first'))).toBe('x')
    other.close()
    await run.close()
  })

  it('look anew after a millisecond, however long the turn takes', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000)
    const run = start()
    expect(await run.read(() => read('first'))).toBeNull()
    const other = openSqliteConnection(join(place.dataDir, 'doorward.db'))
    other.all("INSERT INTO meta (name, value) VALUES ('first', 'x')", [])
    other.close()
    clock.mockReturnValue(1_000.9)
    expect(await run.read(() => read('first'))).toBeNull()
    clock.mockReturnValue(1_001)
    expect(await run.read(() => read('first'))).toBe('x')
    await run.close()
  })

  it('are read before what was asked to be written earlier in the turn, and as written after it', async () => {
    const run = start()
    const written = run.write(() => write('mine'))
    expect(await run.read(() => read('mine'))).toBeNull()
    expect(await written).toBe('mine')
    expect(await run.read(() => read('mine'))).toBe('x')
    await run.close()
  })

  it('leave no transaction open behind a turn, nor one that the close would trip over', async () => {
    const run = start()
    await run.read(() => read('first'))
    await setImmediate()
    expect(connection.inTransaction()).toBe(false)
    await run.read(() => read('first'))
    await run.close()
    await setImmediate()
  })

  it('fail alone: what one has done is undone, those before and after it stay', async () => {
    const run = start()
    const answers = await Promise.allSettled([
      run.write(() => write('before')),
      run.write(() => writeTwice('broken')),
      run.write(() => write('before')),
      run.write(() => write('after')),
    ])
    expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(answers[1]).toMatchObject({ reason: { name: 'StorageError', code: 'failed' } })
    expect(answers[2]).toMatchObject({ reason: { name: 'StorageError', code: 'failed' } })
    expect(await run.read(() => read('before'))).toBe('x')
    expect(await run.read(() => read('after'))).toBe('x')
    expect(await run.read(() => read('broken'))).toBeNull()
    expect(await run.read(() => read('broken-first'))).toBeNull()
    await run.close()
  })

  it('wait while a commit is held, and go on in their order', async () => {
    const held = Promise.withResolvers<void>()
    const batches: string[][] = []
    let batch: string[] = []
    const run = start(async (commit) => {
      batches.push(batch)
      batch = []
      if (batches.length === 1) await held.promise
      await commit()
    })
    function* noted(name: string) {
      batch.push(name)
      return yield* write(name)
    }
    const first = run.write(() => noted('1'))
    await setImmediate()
    await setImmediate()
    const rest = ['2', '3'].map((name) => run.write(() => noted(name)))
    await setImmediate()
    await setImmediate()
    expect(batches).toEqual([['1']])
    expect(run.changedElsewhere()).toBe(true)
    held.resolve()
    expect(await Promise.all([first, ...rest])).toEqual(['1', '2', '3'])
    expect(batches).toEqual([['1'], ['2', '3']])
    await place.run("INSERT INTO meta (name, value) VALUES ('4', 'x')")
    expect(run.changedElsewhere()).toBe(true)
    await run.close()
  })

  it('say that the database stayed locked, harm nothing, and work again after', async () => {
    const other = openSqliteConnection(join(place.dataDir, 'doorward.db'), 0)
    const impatient = openSqliteConnection(join(place.dataDir, 'doorward.db'), 1)
    const { db } = await openSqliteDatabase(place.dataDir)
    const run = new SqliteRunner(impatient, { compile: createCompiler(db), aroundCommit: null })
    other.exec('BEGIN IMMEDIATE')
    const answers = await Promise.allSettled(['a', 'b'].map((name) => run.write(() => write(name))))
    for (const answer of answers) expect(answer).toMatchObject({ reason: { code: 'unavailable' } })
    expect(await run.read(() => read('a'))).toBeNull()
    other.exec('ROLLBACK')
    expect(await run.write(() => write('a'))).toBe('a')
    other.close()
    await run.close()
  })

  it('say that the disk is full, and leave the batch undone', async () => {
    const run = start()
    await run.write(() => write('kept'))
    const [pages] = connection.all('SELECT page_count AS n FROM pragma_page_count', [])
    connection.exec(`PRAGMA max_page_count = ${Number(pages?.n) + 1}`)
    function* large(name: string) {
      yield* count(insert, { name, value: 'x'.repeat(1_000_000) })
    }
    const answers = await Promise.allSettled([run.write(() => large('a')), run.write(() => large('b'))])
    for (const answer of answers) expect(answer).toMatchObject({ reason: { code: 'full' } })
    expect(await run.read(() => read('kept'))).toBe('x')
    expect(await run.read(() => read('a'))).toBeNull()
    expect(await run.write(() => write('small'))).toBe('small')
    await run.close()
  })

  it('keep a bounded number of statements', () => {
    for (let at = 0; at < 1000; at += 1) {
      expect(connection.all(`SELECT ${at} AS n`, [])).toEqual([{ n: at }])
    }
    expect(connection.all('SELECT 0 AS n', [])).toEqual([{ n: 0 }])
    connection.close()
  })
})
