import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callbackUri } from '../support/flow.ts'
import { raw } from '../support/raw.ts'
import { type Doorward, type RegisteredClient, startDoorward } from '../support/server.ts'

const form = 'application/x-www-form-urlencoded'
const programs = [
  '/oauth/token',
  '/oauth/introspect',
  '/oauth/revoke',
  '/oauth/authorize-challenge',
  '/oauth/userinfo',
]
const pages = ['/login', '/login/choose', '/consent', '/account', '/oauth/authorize', '/oauth/logout']
const documents = [
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/oauth/jwks',
]
const endpoints = [...programs, ...pages, ...documents, '/healthz', '/readyz', '/', '/assets/doorward.css']

describe('malformed requests: a 4xx that says why, never a 5xx', () => {
  let server: Doorward
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    app = await server.createClient({ redirect_uris: [callbackUri], scope: 'openid' })
  })
  afterAll(() => server.stop())

  const basic = () => `Basic ${Buffer.from(`${app.client_id}:${app.client_secret}`).toString('base64')}`

  const bodies: readonly (readonly [string, string | undefined, string | Uint8Array])[] = [
    ['no body and no type', undefined, ''],
    ['JSON', 'application/json', '{"grant_type":"client_credentials"}'],
    ['plain text', 'text/plain', 'grant_type=client_credentials'],
    ['multipart', 'multipart/form-data; boundary=x', '--x\r\n\r\n--x--\r\n'],
    ['no type', undefined, 'grant_type=client_credentials'],
    ['a type that is none', ';;;', 'grant_type=client_credentials'],
    ['another charset', `${form}; charset=utf-16`, 'grant_type=client_credentials'],
    ['an empty form', form, ''],
    ['bytes', form, Uint8Array.from({ length: 512 }, (_, index) => index % 256)],
    ['broken escapes', form, 'grant_type=%&client_id=%zz&code=%ff%fe&%=%'],
    ['no names', form, '=&=&=x&&&&'],
    ['a repeated parameter', form, 'grant_type=authorization_code&grant_type=refresh_token&token=a&token=b'],
    ['very many parameters', form, Array.from({ length: 5000 }, (_, index) => `p${index}=1`).join('&')],
    ['prototype names', form, '__proto__=1&constructor=2&toString=3&grant_type=__proto__&token=__proto__'],
    ['a lone surrogate', form, 'token=%ED%A0%80&grant_type=%ED%A0%80&email=%ED%A0%80&password=%ED%A0%80'],
    [
      'null bytes',
      form,
      'token=%00&code=%00&grant_type=authorization_code&refresh_token=%00&email=%00&password=%00',
    ],
    ['a long value', form, `grant_type=refresh_token&refresh_token=${'A'.repeat(60_000)}`],
  ]

  it.each(bodies)('POST with %s', async (_title, type, body) => {
    for (const path of [...programs, ...pages]) {
      for (const authorization of [undefined, basic(), 'Bearer x']) {
        const headers = {
          ...(type === undefined ? {} : { 'content-type': type }),
          ...(authorization === undefined ? {} : { authorization }),
        }
        const answer = await raw(server.issuer + path, { method: 'POST', headers, body })
        expect(answer.status, path).toBeLessThan(500)
        expect(answer.text, path).not.toMatch(/\bat .*\.(?:ts|js):\d+/)
        if (!programs.includes(path)) continue
        // A well-formed question about no token of ours is answered, with nothing in it.
        if (answer.status < 400) expect(['{"active":false}', ''], path).toContain(answer.text)
        expect(answer.headers['content-type'] ?? 'application/json', path).toMatch(/^application\/json/)
      }
    }
  })

  it('a wrong Content-Type is 400 invalid_request at program endpoints (RFC 6749 §3.2)', async () => {
    for (const path of programs.filter((path) => path !== '/oauth/userinfo')) {
      const headers = { 'content-type': 'application/json', authorization: basic() }
      const { status, text } = await raw(server.issuer + path, { method: 'POST', headers, body: '{}' })
      expect([status, JSON.parse(text).error], path).toEqual([400, 'invalid_request'])
    }
  })

  it.each(['with its length said', 'in chunks'])('a body over 64 KiB, %s, is 413', async (title) => {
    for (const path of [...programs, '/login', '/oauth/authorize', '/oauth/logout']) {
      const said = title === 'in chunks' ? { 'transfer-encoding': 'chunked' } : {}
      const headers = { 'content-type': form, ...said }
      const body = `token=${'A'.repeat(70_000)}`
      const { status } = await raw(server.issuer + path, { method: 'POST', headers, body })
      expect(status, path).toBe(413)
    }
  })

  it('a method that an endpoint does not know is 405 and names those it knows (RFC 9110 §15.5.6)', async () => {
    for (const path of endpoints) {
      for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']) {
        const { status, headers } = await raw(server.issuer + path, { method })
        expect([404, 405, 501, 400], `${method} ${path}`).toContain(status)
        if (status === 405) expect(headers.allow, path).toMatch(/GET|POST/)
      }
    }
  })

  it('HEAD answers as GET without a body; OPTIONS never fails', async () => {
    for (const path of [...documents, '/healthz', '/readyz', '/login']) {
      const [head, get] = [
        await raw(server.issuer + path, { method: 'HEAD' }),
        await raw(server.issuer + path),
      ]
      expect([head.status, head.text], path).toEqual([get.status, ''])
    }
    for (const path of endpoints) {
      const { status } = await raw(server.issuer + path, { method: 'OPTIONS' })
      expect(status, path).toBeLessThan(500)
    }
  })

  it.each([
    'Basic',
    'Basic ',
    'Basic !!!!',
    'Basic Og==',
    'Basic eA==',
    `Basic ${Buffer.from('%zz:%zz').toString('base64')}`,
    `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0xff]).toString('base64')}`,
    `Basic ${'A'.repeat(8000)}`,
    'Bearer',
    'bearer  x',
    'Digest username="x"',
    'Basic Og==, Basic Og==',
    ' ',
  ])('Authorization: %s', async (authorization) => {
    for (const path of programs) {
      const headers = { 'content-type': form, authorization }
      const body = 'grant_type=client_credentials&token=x'
      const { status } = await raw(server.issuer + path, { method: 'POST', headers, body })
      expect([400, 401], path).toContain(status)
    }
  })

  it.each([
    'dw-session-0000=',
    'dw-session-0000=.....',
    `dw-session-0000=${'A.'.repeat(2000)}`,
    'dw-session-0000="x"; dw-session-0000=y',
    '=;=;;;',
    '__proto__=1; constructor=2',
    `${'a=b; '.repeat(500)}`,
    'dw-csrf-0000=%00%ff',
  ])('Cookie: %s', async (cookie) => {
    for (const path of pages) {
      const { status } = await raw(server.issuer + path, { headers: { cookie } })
      expect(status, path).toBeLessThan(500)
    }
  })

  it.each([
    '/%',
    '/%ff',
    '/%00',
    '//',
    '/..%2f..%2fetc/passwd',
    '/assets/../../package.json',
    '/assets/%2e%2e/x',
    '/?%',
    `/${'a'.repeat(8000)}`,
  ])('GET %s', async (path) => {
    const { status, text } = await raw(server.issuer + path)
    expect(status).toBeLessThan(500)
    expect(text).not.toContain('"dependencies"')
  })

  it('and after all of that it serves as before', async () => {
    const { status } = await raw(`${server.issuer}/readyz`)
    expect(status).toBe(200)
    expect(server.process.output()).not.toMatch(/unhandled|uncaught/i)
  })
})
