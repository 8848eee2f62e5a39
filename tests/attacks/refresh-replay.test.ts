import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callbackUri, isActive, post, refresh, signIn } from '../support/flow.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  type TestUser,
} from '../support/server.ts'

describe.each(databases)('refresh token replay on %s, RFC 9700 §4.14.2', (database) => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient
  let evil: RegisteredClient
  let native: RegisteredClient

  beforeAll(async () => {
    // No grace: each token is good once, so that a replay shows at once.
    server = await startDoorward({ database, config: { refresh: { graceSeconds: 0 } } })
    const uris = { redirect_uris: [callbackUri], trusted: true }
    ;[user, app, evil, native] = await Promise.all([
      server.createUser(),
      server.createClient(uris),
      server.createClient(uris),
      server.createClient({ ...uris, token_endpoint_auth_method: 'none' }),
    ])
  })
  afterAll(() => server.stop())

  it.each([
    ['a client with a secret', () => app],
    ['a public client', () => native],
  ])('a rotated token shown again by %s ends the whole family', async (_title, client) => {
    const { tokens } = await signIn(server, client(), user)
    const renewed = await refresh(server, client(), String(tokens.refresh_token))
    expect(renewed.status).toBe(200)

    const replay = await refresh(server, client(), String(tokens.refresh_token))
    expect([replay.status, replay.body.error]).toEqual([400, 'invalid_grant'])

    const live = await refresh(server, client(), String(renewed.body.refresh_token))
    expect([live.status, live.body.error]).toEqual([400, 'invalid_grant'])
    expect(await isActive(server, client(), String(renewed.body.access_token))).toBe(false)
    await expect.poll(() => server.process.output(), { timeout: 5_000 }).toContain('refresh.reused')
  })

  it('a token is bound to its client (RFC 6749 §6); a stranger’s attempt ends nothing', async () => {
    const { tokens } = await signIn(server, app, user)
    for (const thief of [evil, native]) {
      const stolen = await refresh(server, thief, String(tokens.refresh_token))
      expect([stolen.status, stolen.body.error]).toEqual([400, 'invalid_grant'])
    }
    const { status, body } = await post(server, '/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: String(tokens.refresh_token),
    })
    expect([status, body.error]).toEqual([401, 'invalid_client'])
    expect((await refresh(server, app, String(tokens.refresh_token))).status).toBe(200)
  })

  it('a race without grace has one winner, and the replay ends the family', async () => {
    const { tokens } = await signIn(server, app, user)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => refresh(server, app, String(tokens.refresh_token))),
    )
    const winners = answers.filter(({ status }) => status === 200)
    expect(winners.length).toBeLessThanOrEqual(1)
    for (const { body } of answers.filter(({ status }) => status !== 200))
      expect(body.error).toBe('invalid_grant')
    for (const { body } of winners) {
      expect((await refresh(server, app, String(body.refresh_token))).body.error).toBe('invalid_grant')
    }
  })

  it('a revoked token refreshes nothing, and another client cannot revoke it (RFC 7009 §2.1)', async () => {
    const { tokens } = await signIn(server, app, user)
    const token = String(tokens.refresh_token)
    const foreign = await post(server, '/oauth/revoke', { token }, evil)
    expect([foreign.status, foreign.body.error]).toEqual([400, 'invalid_grant'])
    const renewed = await refresh(server, app, token)
    expect(renewed.status).toBe(200)
    const next = String(renewed.body.refresh_token)
    expect((await post(server, '/oauth/revoke', { token: next }, app)).status).toBe(200)
    expect((await refresh(server, app, next)).body.error).toBe('invalid_grant')
    expect(await isActive(server, app, String(renewed.body.access_token))).toBe(false)
  })
})
