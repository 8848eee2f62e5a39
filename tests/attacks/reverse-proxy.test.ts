import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callbackUri, createPkce, encode } from '../support/flow.ts'
import { formWith } from '../support/forms.ts'
import { type RawAnswer, raw } from '../support/raw.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'

const issuer = 'https://id.example.com'

describe('behind a proxy that ends TLS, RFC 9700 §4.13', () => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite', issuer, flags: ['--trust-proxy', '127.0.0.1'] })
    ;[user, app] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri], trusted: true }),
    ])
  })
  afterAll(() => server.stop())

  /** As the proxy hands a request on: the public host name, the client's address behind those it claimed. */
  const proxied = (path: string, address: string, more: Parameters<typeof raw>[1] = {}) =>
    raw(server.origin + path, {
      ...more,
      headers: { host: 'id.example.com', 'x-forwarded-for': address, ...more.headers },
    })

  const cookiesOf = ({ headers }: RawAnswer): readonly string[] => [headers['set-cookie'] ?? []].flat()

  const signIn = async (address: string, password = user.password) => {
    const page = await proxied('/login', address)
    const form = formWith(page.text, { email: '', password: '' })
    const cookie = cookiesOf(page).map((line) => line.split(';')[0])
    return proxied('/login', address, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        cookie: cookie.join('; '),
        origin: issuer,
      },
      body: encode({ ...Object.fromEntries(form.values), email: user.email, password }).toString(),
    })
  }

  it('cookies are __Host- and Secure, so that no sibling host and no plain page can set them', async () => {
    const answer = await signIn('203.0.113.1')
    expect(answer.status).toBe(303)
    const lines = [...cookiesOf(await proxied('/login', '203.0.113.1')), ...cookiesOf(answer)]
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) {
      expect(line).toMatch(/^__Host-dw-/)
      expect(line).toMatch(/;\s*Secure/i)
      expect(line).toMatch(/;\s*HttpOnly/i)
      expect(line).not.toMatch(/;\s*Domain=/i)
    }
  })

  it('every address it answers is the issuer’s, never the one it listens on', async () => {
    const metadata = JSON.parse((await raw(`${server.origin}/.well-known/openid-configuration`)).text)
    for (const value of Object.values(metadata).filter((entry) => String(entry).includes('://'))) {
      expect(String(value)).toMatch(/^https:\/\/id\.example\.com/)
    }
    const query = encode({
      response_type: 'code',
      client_id: app.client_id,
      redirect_uri: callbackUri,
      scope: 'openid',
      code_challenge: createPkce().challenge,
      code_challenge_method: 'S256',
    })
    const redirect = await proxied(`/oauth/authorize?${query}`, '203.0.113.1')
    expect(redirect.status).toBe(303)
    expect(new URL(String(redirect.headers.location), issuer).origin).toBe(issuer)
    const elsewhere = await raw(`${server.origin}/login`)
    expect(elsewhere.status).toBe(307)
    expect(elsewhere.headers.location).toMatch(/^https:\/\/id\.example\.com\/login/)
  })

  it('counts by the address the proxy saw, not by what the client claimed before it', async () => {
    for (let tries = 0; tries < 10; tries += 1)
      await signIn(`198.51.100.${tries}, 203.0.113.9`, 'wrong password')
    expect((await signIn('198.51.100.99, 203.0.113.9')).status).toBe(429)
    expect((await signIn('203.0.113.10')).status).toBe(303)
  })
})
