import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sha256, tokenHash } from '@doorward/core/crypto'
import { createDoorward } from 'doorward'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addToSqlite,
  fillSqlite,
  oldestExpiry,
  sqliteDialect,
} from '../../benchmarks/src/growth/fill-sqlite.ts'
import {
  codeText,
  liveCodes,
  liveSessions,
  liveTokens,
  population,
  tokensExpiredBefore,
  tokenText,
} from '../../benchmarks/src/growth/population.ts'

const scale = { users: 200, familiesPerUser: 2, tokensPerFamily: 5, liveShare: 0.1 }
const setting = { clientId: 'growth', issuer: 'http://localhost:4000', now: Math.floor(Date.now() / 1000) }
const { now } = setting
const data = mkdtempSync(join(tmpdir(), 'doorward-growth-'))
let database: DatabaseSync

const count = (sql: string, ...values: number[]): number => Number(database.prepare(sql).get(...values)?.n)

beforeAll(async () => {
  const doorward = await createDoorward({ issuer: setting.issuer, database: data, log: false })
  await doorward.close()
  fillSqlite(data, population(scale, setting, sqliteDialect), () => undefined)
  database = new DatabaseSync(join(data, 'doorward.db'))
})

afterAll(() => {
  database.close()
  rmSync(data, { recursive: true })
})

describe('the store of the growth rows', () => {
  it('has a live end in each family that lives, under the token that a load sends', () => {
    const { first, step, count: live } = liveTokens(scale)
    const find = database.prepare('SELECT rotated_at, expires_at FROM refresh_tokens WHERE hash = ?')
    for (let at = 0; at < live; at += 1) {
      const token = tokenText(first + at * step, scale, setting)
      const row = find.get(tokenHash(token))
      expect(row?.rotated_at).toBeNull()
      expect(Number(row?.expires_at)).toBeGreaterThan(now)
    }
  })

  it('gives each code that is added a live session and its user, under the code that a load sends', () => {
    const first = now * 100_000 + 3
    addToSqlite(data, liveCodes(scale, setting, sqliteDialect, { first, count: 2_003 }))
    const find = database.prepare('SELECT family_id FROM codes WHERE hash = ? AND consumed_at IS NULL')
    for (const at of [0, 1, 1999, 2000, 2002]) {
      const code = codeText(first, at, setting)
      expect(find.get(tokenHash(code))?.family_id).toHaveProperty('length', 23)
    }
    const joined = `SELECT count(*) AS n FROM codes c JOIN sessions s ON s.sid = c.sid AND s.user_id = c.user_id
      JOIN users u ON u.id = c.user_id WHERE c.consumed_at IS NULL AND s.idle_expires_at > ?`
    expect(count(joined, now)).toBe(2_003)
  })

  it('gives a single code a session of the large store, too', () => {
    const large = { ...scale, users: 1_000_000 }
    const sessions = population(large, setting, sqliteDialect).find(({ table }) => table === 'sessions')
    const codes = liveCodes(large, setting, sqliteDialect, { first: now * 100_000, count: 1 })
    const hashing = new DatabaseSync(':memory:')
    hashing.function('sha256', (text) => sha256(String(text)))
    const sid = (columns: typeof codes.columns | undefined, i: number) =>
      hashing.prepare(`SELECT ${columns?.sid} AS sid FROM (SELECT ${i} AS i)`).get()?.sid
    expect(sid(codes.columns, codes.first)).toBe(sid(sessions?.columns, liveSessions(large).first))
    hashing.close()
  })

  it('tells how many of its tokens were swept from the oldest that is left', () => {
    expect(tokensExpiredBefore(oldestExpiry(data), scale, setting)).toBe(0)
    database.exec(
      'DELETE FROM refresh_tokens WHERE hash IN (SELECT hash FROM refresh_tokens ORDER BY expires_at LIMIT 120)',
    )
    expect(tokensExpiredBefore(oldestExpiry(data), scale, setting)).toBe(120)
  })
})
