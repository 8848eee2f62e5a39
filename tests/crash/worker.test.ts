import { describe, expect, it } from 'vitest'
import { callbackUri, refresh } from '../support/flow.ts'
import { type Doorward, startDoorward } from '../support/server.ts'
import { workersOf } from '../support/workers.ts'
import { type Chain, newChain, refreshThroughCuts } from './load.ts'

const CHAINS = 6
const KILLS = 2

const signInAll = async (server: Doorward, client: Awaited<ReturnType<Doorward['createClient']>>) => {
  const user = await server.createUser()
  const chains: Chain[] = []
  for (let made = 0; made < CHAINS; made += 1) {
    const chain = await newChain(server, client, user)
    if (chain !== null) chains.push(chain)
  }
  return chains
}

describe(`one of two workers killed ${KILLS} times under load`, () => {
  it('the other goes on, a new one joins it, and no acknowledged refresh token is lost', {
    timeout: 120_000,
  }, async () => {
    const server = await startDoorward({ database: 'postgres', flags: ['--workers', '2'] })
    try {
      const { pid, output } = server.process
      const client = await server.createClient({ redirect_uris: [callbackUri], trusted: true })
      const chains = await signInAll(server, client)
      expect(chains).toHaveLength(CHAINS)
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const load = refreshThroughCuts(server, client, chains)
        const answered = (count: number) =>
          expect.poll(() => load.count(), { interval: 1, timeout: 20_000 }).toBeGreaterThanOrEqual(count)
        await answered(1 + Math.floor(Math.random() * 150))
        const [victim = 0] = workersOf(pid).toSorted(() => Math.random() - 0.5)
        process.kill(victim, 'SIGKILL')
        // Those that it held are cut off, ask again, and are answered by the other.
        await answered(load.count() + 10 * CHAINS)
        const started = () => output().match(/"server\.started"/g)?.length
        await expect.poll(started, { timeout: 30_000 }).toBe(2 + kill)
        expect(workersOf(pid)).toHaveLength(2)
        await load.stop()
      }
      for (const { token } of chains) {
        const { status, text } = await refresh(server, client, token)
        expect(status, text).toBe(200)
      }
    } finally {
      await server.stop()
    }
  })
})
