import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorize, callbackUri, exchange, isActive, refresh } from '../support/flow.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  type TestUser,
} from '../support/server.ts'

describe.each(databases)('authorization code replay on %s, RFC 6749 §4.1.2, RFC 9700 §4.5', (database) => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database })
    ;[user, app] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri], trusted: true }),
    ])
  })
  afterAll(() => server.stop())

  it('a second use is refused and ends every token of the first', async () => {
    const authorized = await authorize(server, app, user)
    const { body: tokens } = await exchange(server, app, authorized)
    const { body: renewed } = await refresh(server, app, String(tokens.refresh_token))
    expect(await isActive(server, app, String(tokens.access_token))).toBe(true)

    const replay = await exchange(server, app, authorized)
    expect([replay.status, replay.body.error]).toEqual([400, 'invalid_grant'])

    for (const token of [tokens.access_token, renewed.access_token, renewed.refresh_token]) {
      expect(await isActive(server, app, String(token))).toBe(false)
    }
    const dead = await refresh(server, app, String(renewed.refresh_token))
    expect([dead.status, dead.body.error]).toEqual([400, 'invalid_grant'])
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    expect((await fetch(`${server.issuer}/oauth/userinfo`, { headers })).status).toBe(401)
  })

  it('fifty at once: exactly one winner, and even its tokens are dead afterwards', async () => {
    const authorized = await authorize(server, app, user)
    const answers = await Promise.all(Array.from({ length: 50 }, () => exchange(server, app, authorized)))
    const winners = answers.filter(({ status }) => status === 200)
    expect(winners).toHaveLength(1)
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, body.error]).toEqual([400, 'invalid_grant'])
    }
    expect(await isActive(server, app, String(winners[0]?.body.access_token))).toBe(false)
    expect((await refresh(server, app, String(winners[0]?.body.refresh_token))).body.error).toBe(
      'invalid_grant',
    )
  })

  it('an expired code is refused (RFC 6749 §4.1.2)', async () => {
    const short = await startDoorward({ database, config: { code: { lifetimeSeconds: 1 } } })
    try {
      const [person, client] = await Promise.all([
        short.createUser(),
        short.createClient({ redirect_uris: [callbackUri], trusted: true }),
      ])
      const authorized = await authorize(short, client, person)
      const issuedBy = Math.floor(Date.now() / 1000)
      const clock = () => Math.floor(Date.now() / 1000)
      await expect.poll(clock, { timeout: 5_000 }).toBeGreaterThan(issuedBy + 1)
      const { status, body } = await exchange(short, client, authorized)
      expect([status, body.error]).toEqual([400, 'invalid_grant'])
    } finally {
      await short.stop()
    }
  })
})
