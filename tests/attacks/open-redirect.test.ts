import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent, type Page } from '../support/agent.ts'
import { callbackUri, createPkce, encode, signIn } from '../support/flow.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'

const evil = 'https://evil.example/'
const places = [
  evil,
  '//evil.example/',
  '/\\evil.example/',
  'https:evil.example',
  '\t//evil.example',
  'javascript:alert(1)',
]
const names = [
  'next',
  'return',
  'return_to',
  'returnTo',
  'redirect',
  'redirect_uri',
  'redirect_url',
  'continue',
  'url',
]

describe('open redirection, RFC 9700 §4.11', () => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    ;[user, app] = await Promise.all([
      server.createUser(),
      server.createClient({
        redirect_uris: [callbackUri],
        post_logout_redirect_uris: ['https://app.example/bye'],
        trusted: true,
      }),
    ])
  })
  afterAll(() => server.stop())

  /** Nobody is sent off, and nothing on the page leads off. */
  const expectStays = (page: Page) => {
    const location = page.headers.get('location')
    if (location !== null) expect(new URL(location, page.url).origin).toBe(server.issuer)
    expect(page.text).not.toMatch(/(?:href|action|src|url)\s*=\s*["']?[^"'>]*(?:\/\/|\\)evil\.example/i)
    expect(page.text).not.toMatch(/(?:href|action|src)\s*=\s*["']?javascript:/i)
  }

  it.each(names)('the sign-in page believes no ?%s=', async (name) => {
    for (const place of places) {
      const agent = createAgent()
      const page = await agent.open(`${server.issuer}/login?${encode({ [name]: place })}`)
      expectStays(page)
      if (page.status !== 200) continue
      expectStays(await agent.submit(page, { email: user.email, password: user.password }))
    }
  })

  it.each([...names, 'post_logout_redirect_uri'])('logout believes no unregistered ?%s=', async (name) => {
    const { agent, tokens } = await signIn(server, app, user)
    for (const place of places) {
      const query = encode({ [name]: place, id_token_hint: String(tokens.id_token) })
      expectStays(await agent.open(`${server.issuer}/oauth/logout?${query}`))
    }
  })

  it('logout does not take another client’s return address, nor one without a client', async () => {
    const other = await server.createClient({ redirect_uris: [callbackUri] })
    const address = { post_logout_redirect_uri: 'https://app.example/bye' }
    for (const query of [encode({ ...address, client_id: other.client_id }), encode(address)]) {
      const agent = createAgent()
      const page = await agent.open(`${server.issuer}/oauth/logout?${query}`)
      expect(page.headers.get('location') ?? server.issuer).toContain(server.issuer)
    }
  })

  it('a hint and a client_id that differ are refused (RP-Initiated Logout §2)', async () => {
    const { agent, tokens } = await signIn(server, app, user)
    const other = await server.createClient({ redirect_uris: [callbackUri] })
    const query = encode({ id_token_hint: String(tokens.id_token), client_id: other.client_id })
    expect((await agent.open(`${server.issuer}/oauth/logout?${query}`)).status).toBe(400)
  })

  it('the way on after sign-in cannot be forged: a made-up step leads nowhere', async () => {
    for (const step of ['x', 'eyJkb25lIjpbImxvZ2luIl19.x', `${'a'.repeat(5000)}`]) {
      const query = encode({
        response_type: 'code',
        client_id: app.client_id,
        redirect_uri: callbackUri,
        scope: 'openid',
        code_challenge: createPkce().challenge,
        code_challenge_method: 'S256',
        dw_step: step,
      })
      const page = await createAgent().open(`${server.issuer}/oauth/authorize?${query}`)
      expect(page.headers.get('location') ?? '').not.toContain('code=')
      expect(page.status).toBeLessThan(500)
    }
  })

  it.each(['//evil.example/', '/\\evil.example', '/%2f%2fevil.example/', '/.evil.example'])(
    'a path like %s is not found, never a redirect off',
    async (path) => {
      expectStays(await createAgent().request(`${server.issuer}${path}`))
    },
  )
})
