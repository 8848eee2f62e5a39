import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PostgresRunner } from '../../src/storage/postgres.ts'
import { openPostgresDatabase } from '../../src/storage/postgres-database.ts'
import { type AroundCommit, count, createCompiler, rows, statement } from '../../src/storage/statement.ts'
import { atOnce, aUser } from './contract/samples.ts'
import { createPostgresPlace } from './postgres-place.ts'

const insert = statement((db, v: { name: string }) =>
  db.insertInto('locks').values({ name: v.name, turns: 0 }),
)
const turn = statement((db, v: { name: string }) =>
  db
    .updateTable('locks')
    .set((eb) => ({ turns: eb('turns', '+', eb.lit(1)) }))
    .where('name', '=', v.name)
    .returning('turns'),
)
const list = statement((db) => db.selectFrom('locks').select(['name', 'turns']).orderBy('name'))

function* turnAll(names: readonly string[]) {
  for (const name of names) yield* count(turn, { name })
}

describe('verbs on PostgreSQL', () => {
  let place: Awaited<ReturnType<typeof createPostgresPlace>>
  let run: PostgresRunner
  let start: (aroundCommit?: AroundCommit) => Promise<PostgresRunner>
  beforeEach(async () => {
    place = await createPostgresPlace()
    start = async (aroundCommit) => {
      const { pool, db } = await openPostgresDatabase(place)
      return new PostgresRunner(pool, { compile: createCompiler(db), aroundCommit: aroundCommit ?? null })
    }
    run = await start()
    for (const name of ['a', 'b']) await run.write(() => count(insert, { name }))
  })
  afterEach(async () => {
    await run.close()
    await place.remove()
  })

  /** Ends every other connection to the database, as a restart or a fail-over does. */
  const endConnections = async (): Promise<number> => {
    const client = new pg.Client({ connectionString: place.databaseUrl })
    await client.connect()
    const { rows: ended } = await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
    await client.end()
    return ended.length
  }

  it('that deadlock are run again until each has had its effect once', async () => {
    // Each deadlock is found only after PostgreSQL's deadlock_timeout, a second.
    const orders = [
      ['a', 'b'],
      ['b', 'a'],
    ]
    await Promise.all(Array.from({ length: 6 }, (_, at) => run.write(() => turnAll(orders[at % 2] ?? []))))
    expect(await run.read(() => rows(list, {}))).toEqual([
      { name: 'a', turns: 6 },
      { name: 'b', turns: 6 },
    ])
  })

  it('outlive their idle connections', async () => {
    expect(await endConnections()).toBeGreaterThan(0)
    await run.write(() => turnAll(['a']))
    await endConnections()
    expect(await run.read(() => rows(list, {}))).toMatchObject([{ turns: 1 }, { turns: 0 }])
  })

  it('are run again where their connection ends before the commit, with one effect', async () => {
    let ended = false
    function* interrupted() {
      yield* count(turn, { name: 'a' })
      if (!ended) {
        ended = true
        yield* count(terminate, {})
      }
      yield* count(turn, { name: 'b' })
    }
    await run.write(interrupted)
    expect(await run.read(() => rows(list, {}))).toMatchObject([{ turns: 1 }, { turns: 1 }])
  })

  it('are not run again where the connection ends with the commit: nobody knows whether it came to pass', async () => {
    let commits = 0
    const careful = await start(async (commit) => {
      commits += 1
      await endConnections()
      await commit()
    })
    await expect(careful.write(() => turnAll(['a']))).rejects.toMatchObject({
      name: 'StorageError',
      code: 'unavailable',
    })
    expect(commits).toBe(1)
    await careful.close()
  })

  it('tell a bug as such, roll back, and go on', async () => {
    function* broken() {
      yield* count(turn, { name: 'a' })
      throw new RangeError('a bug in a verb')
    }
    await expect(run.write(broken)).rejects.toMatchObject({ name: 'StorageError', code: 'failed' })
    expect(await run.read(() => rows(list, {}))).toMatchObject([{ turns: 0 }, { turns: 0 }])
  })

  it('quote no row in what they throw', async () => {
    const secret = 'a'
    const error: unknown = await run
      .write(() => count(insert, { name: secret }))
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ name: 'StorageError', code: 'failed' })
    const cause = error instanceof Error ? error.cause : null
    expect(cause).toMatchObject({ message: expect.stringContaining('23505') })
    expect(cause).not.toHaveProperty('detail')
  })

  it('take no more connections than they are given', async () => {
    await run.close()
    const storage = await place.open()
    await atOnce(60, [storage], (at) => at.users.insert(aUser()))
    const [found] = await place.run(
      "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'doorward'",
    )
    expect(Number(found?.n)).toBe(8)
    await storage.close()
  })
})

const terminate = statement((db) =>
  db.selectNoFrom((eb) =>
    eb.fn<boolean>('pg_terminate_backend', [eb.fn<number>('pg_backend_pid')]).as('ended'),
  ),
)
