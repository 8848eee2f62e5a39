import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { answerOf, authorize, authorizeUrl, callbackUri, createPkce, exchange } from '../support/flow.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'

describe('PKCE downgrade, RFC 9700 §4.8', () => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient
  let older: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    ;[user, app, older] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri], trusted: true }),
      server.createClient({ redirect_uris: [callbackUri], trusted: true, pkce: 'optional' }),
    ])
  })
  afterAll(() => server.stop())

  const errorFor = async (client: RegisteredClient, more: Record<string, string | undefined>) => {
    const agent = createAgent()
    const url = authorizeUrl(server, {
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: callbackUri,
      scope: 'openid',
      ...more,
    })
    return answerOf(agent, await agent.open(url)).searchParams.get('error')
  }

  it.each([
    ['no challenge', {}],
    ['plain', { code_challenge: createPkce().verifier, code_challenge_method: 'plain' }],
    ['no method, which means plain (RFC 7636 §4.3)', { code_challenge: createPkce().challenge }],
    ['an unknown method', { code_challenge: createPkce().challenge, code_challenge_method: 'S512' }],
    ['the method alone', { code_challenge_method: 'S256' }],
    ['a short challenge', { code_challenge: 'short', code_challenge_method: 'S256' }],
    ['a padded challenge', { code_challenge: `${createPkce().challenge}=`, code_challenge_method: 'S256' }],
  ])('a client that must use PKCE cannot go without: %s', async (_title, parameters) => {
    expect(await errorFor(app, parameters)).toBe('invalid_request')
  })

  it('plain is refused even where PKCE is optional', async () => {
    const plain = { code_challenge: createPkce().verifier, code_challenge_method: 'plain' }
    expect(await errorFor(older, plain)).toBe('invalid_request')
  })

  it('a verifier without a challenge before it is refused: the attacker took the challenge out (§4.8.2)', async () => {
    const authorized = await authorize(server, older, user, {
      parameters: { code_challenge: undefined, code_challenge_method: undefined },
    })
    const { status, body } = await exchange(server, older, authorized)
    expect([status, body.error]).toEqual([400, 'invalid_grant'])
  })

  it('a challenge needs its verifier even where PKCE is optional', async () => {
    const authorized = await authorize(server, older, user)
    const { status } = await exchange(server, older, authorized, { code_verifier: undefined })
    expect(status).toBe(400)
  })

  it('public clients cannot be exempt from PKCE (RFC 9700 §2.1.1)', async () => {
    const flags = [
      '--name',
      'x',
      '--redirect-uri',
      callbackUri,
      '--auth-method',
      'none',
      '--pkce',
      'optional',
    ]
    expect((await server.cli(['clients', 'create', ...flags])).code).toBeGreaterThan(0)
  })
})
