import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorize, callbackUri, exchange, isActive, refresh, signIn } from '../support/flow.ts'
import {
  type Doorward,
  type RegisteredClient,
  startDoorward,
  startNode,
  type TestUser,
} from '../support/server.ts'

describe('two nodes over one PostgreSQL', () => {
  let first: Doorward
  let second: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    first = await startDoorward({ database: 'postgres' })
    second = await startNode(first)
    ;[user, app] = await Promise.all([
      first.createUser(),
      first.createClient({ redirect_uris: [callbackUri], trusted: true }),
    ])
  })
  afterAll(async () => {
    await second.stop()
    await first.stop()
  })

  it('a code of one is redeemed at the other, exactly once', async () => {
    const authorized = await authorize(first, app, user)
    const nodes = [first, second, first, second, first, second, first, second]
    const answers = await Promise.all(nodes.map((node) => exchange(node, app, authorized)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, body.error]).toEqual([400, 'invalid_grant'])
    }
  })

  it('fifty refreshes over both answer one refresh token', async () => {
    const { tokens } = await signIn(first, app, user)
    const token = String(tokens.refresh_token)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => refresh(index % 2 === 0 ? first : second, app, token)),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1)
  })

  it('tokens of one are known at the other, and so are their ends', async () => {
    const { tokens, agent } = await signIn(first, app, user)
    const access = String(tokens.access_token)
    expect(await isActive(second, app, access)).toBe(true)
    await agent.open(`${first.issuer}/oauth/logout?id_token_hint=${tokens.id_token}`)
    expect(await isActive(second, app, access)).toBe(false)
  })
})
