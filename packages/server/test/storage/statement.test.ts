import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteQueryCompiler,
} from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/storage/schema.ts'
import { count, createCompiler, row, rows, statement } from '../../src/storage/statement.ts'

const kysely = (postgres: boolean) =>
  new Kysely<Database>({
    dialect: {
      createAdapter: () => (postgres ? new PostgresAdapter() : new SqliteAdapter()),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => (postgres ? new PostgresQueryCompiler() : new SqliteQueryCompiler()),
    },
  })

const select = statement((db, v: { id: string; now: number }) =>
  db
    .selectFrom('sessions')
    .select('sid')
    .where('sid', '=', v.id)
    .where('idle_expires_at', '>', v.now)
    .where('expires_at', '>', v.now)
    .where('acr', '=', 'aal1'),
)

describe('statements', () => {
  it('are compiled once for a database, and bound by name', () => {
    const compile = createCompiler(kysely(false))
    const compiled = compile(select)
    expect(compile(select)).toBe(compiled)
    expect(compiled.sql).toBe(
      'select "sid" from "sessions" where "sid" = ? and "idle_expires_at" > ? and "expires_at" > ? and "acr" = ?',
    )
    expect(compiled.bind({ id: 'x', now: 5 })).toEqual(['x', 5, 5, 'aal1'])
  })

  it('are one text for each kind of database, under a name that follows the text', () => {
    const [sqlite, postgres] = [createCompiler(kysely(false))(select), createCompiler(kysely(true))(select)]
    expect(postgres.sql).toContain('"sid" = $1 and "idle_expires_at" > $2')
    expect(postgres.name).not.toBe(sqlite.name)
    expect(createCompiler(kysely(true))(select).name).toBe(postgres.name)
    // PostgreSQL cuts longer names, and would take two statements for one.
    expect(postgres.name.length).toBeLessThan(64)
  })

  it('refuse to compute with a value that comes later', () => {
    const wrong = statement((db, v: { now: number }) =>
      db
        .selectFrom('sessions')
        .select('sid')
        .where('expires_at', '>', v.now + 60),
    )
    expect(() => createCompiler(kysely(false))(wrong)).toThrow(TypeError)
  })

  it('hand their rows to the verb', () => {
    function* verb() {
      const all = yield* rows(select, { id: 'a', now: 1 })
      const first = yield* row(select, { id: 'b', now: 1 })
      const none = yield* row(select, { id: 'c', now: 1 })
      return { all, first, none, touched: yield* count(select, { id: 'd', now: 1 }) }
    }
    const running = verb()
    expect(running.next().value).toEqual({ statement: select, values: { id: 'a', now: 1 } })
    running.next({ rows: [{ sid: '1' }, { sid: '2' }], count: 2 })
    running.next({ rows: [{ sid: '3' }, { sid: '4' }], count: 2 })
    running.next({ rows: [], count: 0 })
    expect(running.next({ rows: [], count: 2 })).toEqual({
      done: true,
      value: { all: [{ sid: '1' }, { sid: '2' }], first: { sid: '3' }, none: null, touched: 2 },
    })
  })
})
