import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callbackUri, createPkce, encode } from '../support/flow.ts'
import { raw } from '../support/raw.ts'
import { type Doorward, type RegisteredClient, startDoorward } from '../support/server.ts'

const hosts = [
  'evil.example',
  'evil.example:80',
  'localhost.evil.example',
  'localhost@evil.example',
  'a'.repeat(2000),
  '[::1',
  '',
]
const forwarding = {
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '443',
  'x-forwarded-prefix': '/evil',
  'x-original-url': '/evil',
  'x-rewrite-url': '/evil',
  'x-host': 'evil.example',
  forwarded: 'host=evil.example;proto=https',
}

describe('host header and forwarding headers, RFC 9700 §4.13', () => {
  let server: Doorward
  let app: RegisteredClient
  let base: string

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    app = await server.createClient({ redirect_uris: [callbackUri] })
    base = server.issuer
  })
  afterAll(() => server.stop())

  const programs = [
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/oauth/jwks',
  ]
  const pages = () => [
    '/login',
    '/account',
    '/oauth/logout',
    `/oauth/authorize?${encode({
      response_type: 'code',
      client_id: app.client_id,
      redirect_uri: callbackUri,
      scope: 'openid',
      code_challenge: createPkce().challenge,
      code_challenge_method: 'S256',
    })}`,
  ]

  it.each(hosts)('no answer builds an address from Host: %j', async (host) => {
    for (const path of [...programs, ...pages(), '/no/such/page']) {
      const { status, headers, text } = await raw(base + path, { headers: { host } })
      expect(status, path).toBeLessThan(500)
      const location = headers.location ?? ''
      if (location !== '') expect(new URL(String(location), base).origin, path).toBe(base)
      expect(text, path).not.toContain('evil.example')
    }
  })

  it('no answer believes a forwarding header of an unnamed proxy', async () => {
    for (const path of [...programs, ...pages()]) {
      const plain = await raw(base + path)
      const forwarded = await raw(base + path, { headers: forwarding })
      expect(forwarded.status, path).toBe(plain.status)
      expect(JSON.stringify([forwarded.headers, forwarded.text]), path).not.toContain('evil')
    }
  })

  it('metadata is the same under any host name, and names the issuer alone', async () => {
    const [document = ''] = programs
    const plain = await raw(base + document)
    const other = await raw(base + document, { headers: { host: 'internal.example' } })
    expect(other.status).toBe(200)
    expect(other.text).toBe(plain.text)
    expect(JSON.parse(other.text).issuer).toBe(base)
  })

  it('a page under another host name answers 307 to the issuer’s, path and query kept', async () => {
    const { status, headers } = await raw(`${base}/login?a=b`, { headers: { host: 'internal.example' } })
    expect(status).toBe(307)
    const location = new URL(String(headers.location))
    expect(location.href.startsWith(`${base}/login?`)).toBe(true)
    expect(location.searchParams.get('a')).toBe('b')
  })

  it('cookies name no domain, whatever the host header says', async () => {
    const { headers } = await raw(`${base}/login`, { headers: { host: 'evil.example' } })
    expect(JSON.stringify(headers['set-cookie'] ?? [])).not.toMatch(/domain/i)
  })
})
