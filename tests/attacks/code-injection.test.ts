import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorize, callbackUri, createPkce, exchange } from '../support/flow.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'

describe('authorization code injection, RFC 9700 §4.5', () => {
  let server: Doorward
  let victim: TestUser
  let app: RegisteredClient
  let evil: RegisteredClient
  let native: RegisteredClient
  const secondUri = 'https://app.example/other'

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    const uris = { redirect_uris: [callbackUri, secondUri], trusted: true }
    ;[victim, app, evil, native] = await Promise.all([
      server.createUser(),
      server.createClient(uris),
      server.createClient(uris),
      server.createClient({ ...uris, token_endpoint_auth_method: 'none' }),
    ])
  })
  afterAll(() => server.stop())

  it('a stolen code is worthless in the attacker’s own session: its verifier does not fit (§4.5.3.1)', async () => {
    const stolen = await authorize(server, app, victim)
    const injected = { ...stolen, pkce: createPkce() }
    const { status, body } = await exchange(server, app, injected)
    expect([status, body.error]).toEqual([400, 'invalid_grant'])
  })

  it('a failed guess at the verifier yields nothing to a second one (RFC 7636 §4.6)', async () => {
    const stolen = await authorize(server, native, victim)
    const guesses = Array.from({ length: 8 }, () =>
      exchange(server, native, { ...stolen, pkce: createPkce() }),
    )
    for (const { status, body } of await Promise.all(guesses)) {
      expect(status).toBe(400)
      expect(body).not.toHaveProperty('access_token')
    }
  })

  it.each([
    ['no verifier', undefined],
    ['an empty one', ''],
    ['a short one', 'short'],
    ['the challenge itself', 'challenge'],
  ])(
    'a code with a challenge needs its verifier: %s is refused (RFC 9700 §2.1.1)',
    async (_title, verifier) => {
      const stolen = await authorize(server, app, victim)
      const code_verifier = verifier === 'challenge' ? stolen.pkce.challenge : verifier
      const { status, body } = await exchange(server, app, stolen, { code_verifier })
      expect(status).toBe(400)
      expect(body).not.toHaveProperty('access_token')
    },
  )

  it('a code is bound to its client (RFC 6749 §4.1.3): another one gets invalid_grant', async () => {
    const stolen = await authorize(server, app, victim)
    const { status, body } = await exchange(server, evil, stolen)
    expect([status, body.error]).toEqual([400, 'invalid_grant'])
  })

  it('another client’s attempt does not burn the victim’s code', async () => {
    const own = await authorize(server, app, victim)
    await exchange(server, evil, own)
    expect((await exchange(server, app, own)).status).toBe(200)
  })

  it('a code is bound to its redirect URI (RFC 6749 §4.1.3)', async () => {
    const stolen = await authorize(server, app, victim)
    const { status, body } = await exchange(server, app, { ...stolen, redirectUri: secondUri })
    expect([status, body.error]).toEqual([400, 'invalid_grant'])
  })

  it('a code cannot be redeemed without client authentication', async () => {
    const stolen = await authorize(server, app, victim)
    const anonymous = { ...app, token_endpoint_auth_method: 'none' }
    const { status, body } = await exchange(server, anonymous, stolen)
    expect([status, body.error]).toEqual([401, 'invalid_client'])
  })

  it('refresh tokens and access tokens are no codes', async () => {
    const own = await authorize(server, app, victim)
    const { body } = await exchange(server, app, own)
    for (const code of [body.refresh_token, body.access_token, body.id_token]) {
      const answer = await exchange(server, app, { ...own, code: String(code) })
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant'])
    }
  })
})
