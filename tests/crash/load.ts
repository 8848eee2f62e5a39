import { createAgent } from '../support/agent.ts'
import { refresh, signIn } from '../support/flow.ts'
import type { Doorward, RegisteredClient, TestUser } from '../support/server.ts'

/** What a client was told: its newest refresh token. */
export type Chain = { token: string; acknowledged: number }

export type Load = {
  readonly chains: readonly Chain[]
  /** How many answers came. */
  count(): number
  /** Lets requests under way end, with or without an answer. */
  stop(): Promise<void>
}

/** Network errors are what a kill looks like from outside; every other failure is one of the test. */
const unlessCut = async (act: () => Promise<void>): Promise<boolean> => {
  try {
    await act()
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** Clients that refresh as fast as they are answered, one chain each, until the server is gone. */
export const refreshUntilCut = (server: Doorward, client: RegisteredClient, chains: readonly Chain[]): Load =>
  refreshing(server, client, chains, 'until cut')

/** The same, but whoever is cut off asks again, as clients do. */
export const refreshThroughCuts = (
  server: Doorward,
  client: RegisteredClient,
  chains: readonly Chain[],
): Load => refreshing(server, client, chains, 'through cuts')

const refreshing = (
  server: Doorward,
  client: RegisteredClient,
  chains: readonly Chain[],
  how: 'until cut' | 'through cuts',
): Load => {
  let stopped = false
  const before = chains.map(({ acknowledged }) => acknowledged)
  const run = async (chain: Chain): Promise<void> => {
    const turn = async () => {
      const { status, body, text } = await refresh(server, client, chain.token)
      if (status !== 200) throw new Error(`An acknowledged refresh token was refused (${status}): ${text}`)
      chain.token = String(body.refresh_token)
      chain.acknowledged += 1
    }
    while (!stopped && ((await unlessCut(turn)) || how === 'through cuts'));
  }
  const running = Promise.all(chains.map(run))
  return {
    chains,
    count: () => chains.reduce((sum, chain, index) => sum + chain.acknowledged - (before[index] ?? 0), 0),
    stop: async () => {
      stopped = true
      await running
    },
  }
}

/** One more chain, from a sign-in; null where the server went away meanwhile. */
export const newChain = async (
  server: Doorward,
  client: RegisteredClient,
  user: TestUser,
): Promise<Chain | null> => {
  let chain: Chain | null = null
  await unlessCut(async () => {
    const { tokens } = await signIn(server, client, user, { agent: createAgent() })
    chain = { token: String(tokens.refresh_token), acknowledged: 0 }
  })
  return chain
}
