import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { answerOf, authorizeUrl, createPkce, walk } from '../support/flow.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'

const registered = 'https://app.example/callback'

/** What an attacker sends in place of `registered`, hoping for a loose comparison (RFC 9700 §4.1.1). */
const tricks: readonly (readonly [string, string])[] = [
  ['another host', 'https://evil.example/callback'],
  ['another scheme', 'http://app.example/callback'],
  ['a subdomain', 'https://evil.app.example/callback'],
  ['a host that ends alike', 'https://evilapp.example/callback'],
  ['a host that begins alike', 'https://app.example.evil.example/callback'],
  ['credentials before the host', 'https://app.example@evil.example/callback'],
  ['credentials in the right host', 'https://user:pass@app.example/callback'],
  ['a port', 'https://app.example:8443/callback'],
  ['the default port spelled out', 'https://app.example:443/callback'],
  ['the host in capitals', 'https://APP.example/callback'],
  ['the scheme in capitals', 'HTTPS://app.example/callback'],
  ['the path in capitals', 'https://app.example/Callback'],
  ['a trailing slash', 'https://app.example/callback/'],
  ['a longer path', 'https://app.example/callback/evil'],
  ['a path climbed back', 'https://app.example/callback/../evil'],
  ['a path climbed back to itself', 'https://app.example/x/../callback'],
  ['an encoded climb', 'https://app.example/callback/%2e%2e/evil'],
  ['an encoded letter', 'https://app.example/c%61llback'],
  ['an encoded slash', 'https://app.example%2fcallback'],
  ['a backslash', 'https://app.example\\@evil.example/callback'],
  ['a query', 'https://app.example/callback?next=https://evil.example'],
  ['an empty query', 'https://app.example/callback?'],
  ['a fragment', 'https://app.example/callback#evil'],
  ['an empty fragment', 'https://app.example/callback#'],
  ['a path parameter', 'https://app.example/callback;evil'],
  ['a doubled slash', 'https://app.example//callback'],
  ['a relative reference', '/callback'],
  ['a network-path reference', '//app.example/callback'],
  ['a leading space', ' https://app.example/callback'],
  ['a trailing space', 'https://app.example/callback '],
  ['a line break', 'https://app.example/callback\r\nset-cookie: a=b'],
  ['a null byte', 'https://app.example/callback\u0000'],
  ['a tab in the host', 'https://app\t.example/callback'],
  ['a look-alike letter', 'https://аpp.example/callback'],
  ['its punycode', 'https://xn--pp-6kc.example/callback'],
  ['a trailing dot in the host', 'https://app.example./callback'],
  ['javascript', 'javascript:alert(document.cookie)//https://app.example/callback'],
  ['data', 'data:text/html,<script>alert(1)</script>'],
  ['localhost', 'http://localhost/callback'],
  ['a loopback address', 'http://127.0.0.1/callback'],
]

describe('insufficient redirect URI validation, RFC 9700 §4.1', () => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    ;[user, app] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [registered], trusted: true }),
    ])
  })
  afterAll(() => server.stop())

  const url = (
    client: RegisteredClient,
    redirect_uri: string | undefined,
    more: Record<string, string> = {},
  ) =>
    authorizeUrl(server, {
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri,
      scope: 'openid',
      code_challenge: createPkce().challenge,
      code_challenge_method: 'S256',
      ...more,
    })

  it.each(tricks)('%s is an error page, never a redirect: %j', async (_title, uri) => {
    for (const more of [{}, { prompt: 'none' }, { response_type: 'token' }, { response_mode: 'form_post' }]) {
      const page = await createAgent().request(url(app, uri, more))
      expect(page.status).toBe(400)
      expect(page.headers.get('location')).toBeNull()
      expect(page.headers.get('content-type')).toContain('text/html')
      expect(page.text).not.toMatch(/(?:href|action|src)="[^"]*(?:evil|javascript:|data:)/i)
    }
  })

  it('an unknown client is an error page too', async () => {
    const page = await createAgent().request(url({ client_id: 'nobody' }, registered))
    expect(page.status).toBe(400)
    expect(page.headers.get('location')).toBeNull()
  })

  it('the redirect URI of one client is none of another’s', async () => {
    const other = await server.createClient({ redirect_uris: ['https://other.example/callback'] })
    expect((await createAgent().request(url(other, registered))).status).toBe(400)
  })

  it('a signed-in person is not sent off either', async () => {
    const agent = createAgent()
    answerOf(agent, await walk(agent, await agent.open(url(app, registered)), user))
    const page = await agent.open(url(app, 'https://evil.example/callback'))
    expect(page.status).toBe(400)
    expect(page.headers.get('location')).toBeNull()
  })

  it('after a change of the address on the login page nobody is sent anywhere else', async () => {
    const agent = createAgent()
    const page = await agent.open(url(app, registered))
    const changed = page.url.replaceAll(
      encodeURIComponent(registered),
      encodeURIComponent('https://evil.example/'),
    )
    expect(changed).not.toBe(page.url)
    const answer = await agent.request(changed)
    expect(answer.status).toBe(400)
  })

  describe('loopback redirection of native apps, RFC 8252 §7.3', () => {
    const openPort = async (client: RegisteredClient, uri: string) =>
      (await createAgent().request(url(client, uri))).status < 400

    it('frees the port of 127.0.0.1 and [::1] for them, and nothing else', async () => {
      const native = await server.createClient({
        redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
        token_endpoint_auth_method: 'none',
      })
      expect(await openPort(native, 'http://127.0.0.1:49152/callback')).toBe(true)
      expect(await openPort(native, 'http://[::1]:49152/callback')).toBe(true)
      for (const uri of [
        'http://localhost:49152/callback',
        'http://127.0.0.2:49152/callback',
        'http://127.0.0.1:49152/other',
        'https://127.0.0.1:49152/callback',
        'http://127.0.0.1:49152@evil.example/callback',
        'http://127.0.0.1:49152/callback?x=1',
        'http://2130706433:49152/callback',
        'http://127.1:49152/callback',
        'http://[::ffff:127.0.0.1]:49152/callback',
        'http://127.0.0.1:99999/callback',
      ]) {
        expect(await openPort(native, uri), uri).toBe(false)
      }
    })

    it('does not free the port for web apps', async () => {
      const web = await server.createClient({ redirect_uris: ['http://127.0.0.1:8080/callback'] })
      expect(await openPort(web, 'http://127.0.0.1:8080/callback')).toBe(true)
      expect(await openPort(web, 'http://127.0.0.1:8081/callback')).toBe(false)
    })
  })

  it.each([
    'http://app.example/callback',
    'https://app.example/callback#fragment',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://*.example/callback',
    'myapp:/callback',
    'callback',
    'https://user@app.example/callback',
  ])('refuses to register %s', async (uri) => {
    const { code, stderr } = await server.cli(['clients', 'create', '--name', 'x', '--redirect-uri', uri])
    expect(code).toBeGreaterThan(0)
    expect(stderr).not.toBe('')
  })
})
