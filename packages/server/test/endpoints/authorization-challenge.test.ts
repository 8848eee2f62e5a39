import { sha256 } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import type { Page } from './support/agent.ts'
import { addUser, VERIFIER } from './support/flow.ts'
import { CALLBACK, PASSWORD, startServer } from './support/server.ts'

async function prepared(metadata: Record<string, unknown> = {}, limits = {}) {
  const server = await startServer({ limits })
  const userId = await addUser(server)
  const { client, secret } = await server.clients.create({
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'openid email offline_access',
    token_endpoint_auth_method: 'client_secret_post',
    first_party: true,
    ...metadata,
  })
  const agent = server.agent()
  const credentials: Record<string, string> = {
    client_id: client.id,
    ...(secret === null ? {} : { client_secret: secret }),
  }
  const challenge = (more: Record<string, string> = {}): Promise<Page> =>
    agent.request('/oauth/authorize-challenge', {
      form: {
        ...credentials,
        scope: 'openid email',
        code_challenge: sha256(VERIFIER),
        code_challenge_method: 'S256',
        email: 'ada@example.com',
        password: PASSWORD,
        ...more,
      },
    })
  const token = (more: Record<string, string>): Promise<Page> =>
    agent.request('/oauth/token', { form: { ...credentials, grant_type: 'authorization_code', ...more } })
  return { server, agent, userId, client, challenge, token }
}

const json = (page: Page): Record<string, string> => JSON.parse(page.text)

describe('/oauth/authorize-challenge, OAuth 2.0 for First-Party Applications §5', () => {
  it('gives a code that the token endpoint redeems, in a session without a cookie', async () => {
    const { server, agent, challenge, token } = await prepared()
    const answer = await challenge()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(Object.keys(json(answer))).toEqual(['authorization_code'])
    expect(agent.cookies.size).toBe(0)
    const tokens = json(await token({ code: json(answer).authorization_code ?? '', code_verifier: VERIFIER }))
    expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'openid email' })
    expect(tokens.refresh_token).toBeDefined()
    expect(server.story()).toEqual([
      'sign_in.succeeded',
      'session.started',
      'authorization.granted',
      'token.issued',
    ])
  })

  it('serves public clients by client_id alone', async () => {
    const { challenge } = await prepared({ token_endpoint_auth_method: 'none' })
    expect((await challenge()).status).toBe(200)
  })

  it('wants the client to prove itself', async () => {
    const { server, challenge } = await prepared()
    const answer = await challenge({ client_secret: 'wrong' })
    expect(answer.status).toBe(401)
    expect(json(answer)).toMatchObject({ error: 'invalid_client' })
    expect(server.story()).toEqual(['client_authentication.failed'])
  })

  it('is for first-party clients only', async () => {
    const { challenge } = await prepared({ first_party: false, trusted: true })
    const answer = await challenge()
    expect(answer.status).toBe(400)
    expect(json(answer)).toMatchObject({ error: 'unauthorized_client' })
  })

  it.each([
    ['no challenge', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no e-mail', { email: '' }, 'invalid_request'],
    ['no password', { password: '' }, 'invalid_request'],
    ['an unknown scope', { scope: 'unheard' }, 'invalid_scope'],
    ['an unknown resource', { resource: 'https://nobody.example' }, 'invalid_target'],
    ['prompt=consent', { prompt: 'consent' }, 'redirect_to_web'],
    ['prompt=select_account', { prompt: 'select_account' }, 'redirect_to_web'],
  ])('refuses %s', async (_, more, error) => {
    const { server, challenge } = await prepared()
    const answer = await challenge(more)
    expect(answer.status).toBe(400)
    expect(json(answer)).toMatchObject({ error })
    expect(server.story()).toEqual(['authorization.refused'])
  })

  it('needs the challenge of clients too for which PKCE is optional elsewhere', async () => {
    const { challenge } = await prepared({ pkce: 'optional' })
    expect(json(await challenge({ code_challenge: '', code_challenge_method: '' }))).toMatchObject({
      reason: 'pkce_missing',
    })
  })

  it('says the same of a wrong password and an unknown account', async () => {
    const { challenge } = await prepared()
    const wrong = await challenge({ password: 'wrong wrong wrong' })
    const unknown = await challenge({ email: 'nobody@example.com' })
    expect([wrong.status, unknown.status]).toEqual([400, 400])
    const { reference: _, ...words } = json(wrong)
    expect(words).toMatchObject({ error: 'access_denied' })
    expect(json(unknown)).toMatchObject(words)
  })

  it('shares the throttle: 429 with Retry-After', async () => {
    const { server, challenge } = await prepared({}, { signIn: { perAccountAndAddress: 2 } })
    for (const _ of [1, 2]) expect((await challenge({ password: 'wrong wrong wrong' })).status).toBe(400)
    const throttled = await challenge()
    expect(throttled.status).toBe(429)
    expect(throttled.headers.get('retry-after')).toBe('600')
    expect(json(throttled)).toMatchObject({ error: 'access_denied' })
    // One line for each, with the cause that only the log says.
    expect(server.story()).toEqual(['sign_in.failed', 'sign_in.failed', 'sign_in.throttled'])
  })
})
