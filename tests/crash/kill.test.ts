import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { callbackUri, refresh } from '../support/flow.ts'
import { type Doorward, startDoorward } from '../support/server.ts'
import { type Chain, newChain, refreshUntilCut } from './load.ts'

const CHAINS = 12

/** Refresh tokens that are still good, by family: one each, or a family has forked. */
const FORKS = `SELECT family_id FROM refresh_tokens WHERE rotated_at IS NULL GROUP BY family_id HAVING COUNT(*) <> 1`

const readForks = async (server: Doorward): Promise<readonly unknown[]> => {
  if (server.databaseUrl === null) {
    const database = new DatabaseSync(join(server.data, 'doorward.db'), { readOnly: true })
    try {
      expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
      expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([])
      return database.prepare(FORKS).all()
    } finally {
      database.close()
    }
  }
  const client = new pg.Client({ connectionString: server.databaseUrl })
  await client.connect()
  try {
    return (await client.query(FORKS)).rows
  } finally {
    await client.end()
  }
}

describe.each([
  ['sqlite', 20],
  ['postgres', 5],
] as const)('a server on %s killed %i times under load', (database, kills) => {
  it('keeps every refresh token it acknowledged, forks none, and opens clean', {
    timeout: 180_000,
  }, async () => {
    const server = await startDoorward({ database })
    try {
      const [user, client] = await Promise.all([
        server.createUser(),
        server.createClient({ redirect_uris: [callbackUri], trusted: true }),
      ])
      const chains: Chain[] = []
      for (let made = 0; made < CHAINS; made += 1) {
        const chain = await newChain(server, client, user)
        if (chain !== null) chains.push(chain)
      }
      expect(chains).toHaveLength(CHAINS)
      let answers = 0
      for (let kill = 0; kill < kills; kill += 1) {
        const load = refreshUntilCut(server, client, chains)
        const arriving = newChain(server, client, user)
        // The random moment: after so many answers, wherever the next ones are by then.
        const moment = 1 + Math.floor(Math.random() * 150)
        await expect.poll(() => load.count(), { interval: 1, timeout: 20_000 }).toBeGreaterThanOrEqual(moment)
        await server.restart('SIGKILL')
        await load.stop()
        const late = await arriving
        if (late !== null) chains.push(late)
        answers += load.count()
      }
      expect(answers).toBeGreaterThan(kills)
      for (const chain of chains) {
        const { status, body, text } = await refresh(server, client, chain.token)
        expect(status, text).toBe(200)
        chain.token = String(body.refresh_token)
      }
      await server.process.end('SIGTERM')
      expect(await readForks(server)).toEqual([])
    } finally {
      await server.stop()
    }
  })
})
