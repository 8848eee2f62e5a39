import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, callbackUri, createPkce, isActive, post, refresh } from '../support/flow.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  type TestUser,
} from '../support/server.ts'
import { readAccessToken, readIdToken } from '../support/tokens.ts'

const path = '/oauth/authorize-challenge'

describe.each(databases)('first-party sign-in on %s (OAuth 2.0 for First-Party Applications)', (database) => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient
  let phone: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database })
    ;[user, app, phone] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri], first_party: true }),
      server.createClient({
        redirect_uris: ['com.example.app:/callback'],
        token_endpoint_auth_method: 'none',
        first_party: true,
      }),
    ])
  })
  afterAll(() => server.stop())

  const challenge = (client: RegisteredClient, more: Record<string, string | undefined> = {}) => {
    const pkce = createPkce()
    const fields = {
      scope: 'openid offline_access',
      code_challenge: pkce.challenge,
      code_challenge_method: 'S256',
      email: user.email,
      password: user.password,
      ...more,
    }
    return { pkce, answer: post(server, path, fields, client) }
  }

  const redeem = (client: RegisteredClient, code: unknown, code_verifier: string) =>
    post(
      server,
      '/oauth/token',
      { grant_type: 'authorization_code', code: String(code), code_verifier },
      client,
    )

  it('is announced, and turns the app’s own sign-in form into a code and tokens (§4, §5.1)', async () => {
    const metadata = await (await fetch(`${server.issuer}/.well-known/openid-configuration`)).json()
    expect(metadata.authorization_challenge_endpoint).toBe(`${server.issuer}${path}`)
    for (const client of [app, phone]) {
      const { pkce, answer } = challenge(client)
      const { status, body, headers } = await answer
      expect(status).toBe(200)
      expect(Object.keys(body)).toEqual(['authorization_code'])
      expect(headers.get('cache-control')).toContain('no-store')
      const tokens = (await redeem(client, body.authorization_code, pkce.verifier)).body
      const { claims } = await readAccessToken(server, tokens.access_token, server.issuer)
      expect(claims).toMatchObject({ sub: user.sub, amr: ['pwd'], sid: expect.any(String) })
      await readIdToken(server, tokens, client.client_id)
      if (client === app) expect(await isActive(server, client, String(tokens.access_token))).toBe(true)
      expect((await refresh(server, client, String(tokens.refresh_token))).status).toBe(200)
    }
  })

  it('sets no cookie: the session is the app’s', async () => {
    expect((await challenge(app).answer).headers.getSetCookie()).toEqual([])
  })

  it('needs the verifier of its challenge (RFC 7636 §4.6)', async () => {
    const { answer } = challenge(app)
    const { body } = await answer
    const refused = await redeem(app, body.authorization_code, createPkce().verifier)
    expect(refused.body.error).toBe('invalid_grant')
    expect((await challenge(app, { code_challenge: undefined }).answer).body.error).toBe('invalid_request')
  })

  it('answers wrong credentials and unknown accounts alike: 400 access_denied', async () => {
    const wrong = await challenge(app, { password: 'not the password' }).answer
    const unknown = await challenge(app, { email: 'nobody@example.com' }).answer
    expect(wrong.status).toBe(400)
    expect(wrong.body.error).toBe('access_denied')
    expect(unknown.status).toBe(wrong.status)
    const words = ({ reference: _reference, ...rest }: Answer['body']) => rest
    expect(words(unknown.body)).toEqual(words(wrong.body))
  })

  it('is for first-party clients alone, and for those that prove themselves', async () => {
    const third = await server.createClient({ redirect_uris: [callbackUri] })
    expect((await challenge(third).answer).body.error).toBe('unauthorized_client')
    const liar = { ...app, client_secret: 'wrong' }
    const refused = await challenge(liar).answer
    expect(refused.status).toBe(401)
    expect(refused.body.error).toBe('invalid_client')
  })

  it('throttles: after ten failures for a pair 429 with Retry-After and the same words', async () => {
    const target = await server.createUser()
    const attempt = (password: string) => challenge(app, { email: target.email, password }).answer
    const first = await attempt('wrong password 0')
    for (let tries = 1; tries < 10; tries += 1) await attempt(`wrong password ${tries}`)
    const throttled = await attempt(target.password)
    expect(throttled.status).toBe(429)
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(throttled.body.error_description).toBe(first.body.error_description)
  })
})
