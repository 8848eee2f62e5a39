import { OAuthError, type OAuthErrorCode } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { configSchema } from '../../src/config/schema.ts'
import { createApp } from '../../src/http/app.ts'
import type { Handler } from '../../src/http/inbound.ts'
import { privateJson } from '../../src/http/respond.ts'
import type { Route } from '../../src/http/routes.ts'
import { type ConnectionInfo, fetchHandler } from '../../src/mounting/fetch.ts'
import { StorageError } from '../../src/storage/storage-error.ts'

const program: Handler = async (inbound) => privateJson({ path: inbound.path, method: inbound.method })

const throws =
  (error: unknown): Handler =>
  async () => {
    throw error
  }

const refusal = (code: OAuthErrorCode, more: { retryAfter?: number } = {}) =>
  throws(new OAuthError(code, 'A sentence.', { reason: 'internal', ...more }))

const GET = ['GET'] as const
const BOTH = ['GET', 'POST'] as const

const routes: readonly Route[] = [
  { path: '/program', kind: 'program', methods: BOTH, cors: 'clients', handler: program },
  { path: '/post', kind: 'program', methods: ['POST'], cors: 'none', handler: program },
  { path: '/open', kind: 'program', methods: GET, cors: 'any', handler: program },
  { path: '/page', kind: 'page', methods: BOTH, cors: 'none', handler: program },
  { path: '/assets/*', kind: 'asset', methods: GET, cors: 'none', handler: program },
  {
    path: '/busy',
    kind: 'program',
    methods: GET,
    cors: 'clients',
    handler: refusal('temporarily_unavailable', { retryAfter: 7 }),
  },
  {
    path: '/form',
    kind: 'program',
    methods: ['POST'],
    cors: 'clients',
    handler: async (inbound) => privateJson([...(await inbound.form())]),
  },
  {
    path: '/bug',
    kind: 'program',
    methods: GET,
    cors: 'clients',
    handler: throws(new TypeError('secret text')),
  },
  {
    path: '/bug-page',
    kind: 'page',
    methods: GET,
    cors: 'none',
    handler: throws(new TypeError('secret text')),
  },
  {
    path: '/away',
    kind: 'program',
    methods: GET,
    cors: 'none',
    handler: throws(new StorageError('unavailable', 'x')),
  },
  {
    path: '/away-page',
    kind: 'page',
    methods: GET,
    cors: 'none',
    handler: throws(new StorageError('unavailable', 'x')),
  },
  {
    path: '/broken',
    kind: 'program',
    methods: GET,
    cors: 'none',
    handler: throws(new StorageError('failed', 'x')),
  },
  { path: '/refused-page', kind: 'page', methods: GET, cors: 'none', handler: refusal('invalid_request') },
]

function start(issuer = 'http://localhost:4000', allowedOrigin: string | Error = 'https://spa.example') {
  const faults: (readonly [string | null, unknown])[] = []
  const app = createApp(
    {
      config: configSchema.parse({ issuer, trustProxy: ['10.0.0.1'] }),
      audit: { record: () => {}, fault: (reference, cause) => void faults.push([reference, cause]) },
      origins: {
        allows: async (origin) => {
          if (typeof allowedOrigin !== 'string') throw allowedOrigin
          return origin === allowedOrigin
        },
        onNews: () => {},
      },
    },
    routes,
  )
  const fetch = fetchHandler(app)
  const ask = (path: string, init: RequestInit = {}, info: ConnectionInfo = { peer: '192.0.2.1' }) =>
    fetch(new Request(`http://localhost:4000${path}`, init), info)
  return { app, ask, faults }
}

const spa = { origin: 'https://spa.example' }
const other = { origin: 'https://other.example' }

describe('methods, RFC 9110 §9', () => {
  it('HEAD is GET without the body', async () => {
    const { ask } = start()
    const [get, head] = [await ask('/program'), await ask('/program', { method: 'HEAD' })]
    expect(await get.json()).toEqual({ path: '/program', method: 'GET' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(get.headers))
  })

  it.each([
    ['/program', 'GET, HEAD, POST, OPTIONS'],
    ['/post', 'POST, OPTIONS'],
    ['/page', 'GET, HEAD, POST, OPTIONS'],
    ['/assets/x.css', 'GET, HEAD, OPTIONS'],
  ])('OPTIONS %s says what is allowed', async (path, allow) => {
    const response = await start().ask(path, { method: 'OPTIONS' })
    expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([204, allow, ''])
  })

  it('any other is 405 with Allow, as JSON or as a page', async () => {
    const { ask } = start()
    const program = await ask('/post', { method: 'GET' })
    expect([program.status, program.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
    expect(await program.json()).toMatchObject({ error: 'invalid_request', reason: 'method_not_allowed' })
    const page = await ask('/page', { method: 'DELETE' })
    expect([page.status, page.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect((await ask('/post', { method: 'HEAD' })).status).toBe(405)
  })
})

describe('addresses', () => {
  it('that nobody answers are 404: JSON for programs, a page for people', async () => {
    const { ask } = start()
    const program = await ask('/nothing')
    expect([program.status, program.headers.get('content-type')]).toEqual([404, 'application/json'])
    expect(await program.json()).toMatchObject({ reason: 'not_found' })
    const page = await ask('/nothing', { headers: { accept: 'text/html,*/*;q=0.8' } })
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    expect((await ask('/nothing', { method: 'OPTIONS' })).status).toBe(404)
  })

  it.each(['/program/', '/PROGRAM', '//program', '/%70rogram'])('are exact: %s is 404', async (path) => {
    expect((await start().ask(path)).status).toBe(404)
  })

  it("lie under the issuer's path, and endpoints see what is below it", async () => {
    const { app, ask } = start('http://localhost:4000/auth')
    expect(await (await ask('/auth/program')).json()).toMatchObject({ path: '/program' })
    expect((await ask('/program')).status).toBe(404)
    expect(
      ['/auth', '/auth/x', '/auth/program', '/authx', '/', '/program'].map((path) => app.owns(path)),
    ).toEqual([true, true, true, false, false, false])
  })

  it('of an issuer without a path are its routes alone', () => {
    const { app } = start()
    expect(['/program', '/assets/a', '/', '/nothing'].map((path) => app.owns(path))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('failures', () => {
  it('that nobody foresaw are 500 with a reference, and are logged under it', async () => {
    const { ask, faults } = start()
    for (const path of ['/bug', '/bug-page', '/broken']) {
      const response = await ask(path)
      const text = await response.text()
      expect(response.status).toBe(500)
      expect(text).not.toContain('secret text')
      expect(text).toContain(faults.at(-1)?.[0] ?? 'no reference')
    }
    expect(faults).toHaveLength(3)
  })

  it('of the database are 503 with Retry-After', async () => {
    const { ask, faults } = start()
    const program = await ask('/away')
    expect([program.status, program.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await program.json()).toMatchObject({ error: 'temporarily_unavailable' })
    const page = await ask('/away-page')
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '5'])
    expect(faults).toEqual([])
  })

  it('say how long to wait where that is known', async () => {
    expect((await start().ask('/busy')).headers.get('retry-after')).toBe('7')
  })

  it('of a page are a page with its headers', async () => {
    const response = await start().ask('/refused-page')
    expect(response.status).toBe(400)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect(await response.text()).toContain('A sentence.')
  })

  it('of a proxy that hides the host end in a page, not in a loop', async () => {
    const { ask } = start('https://id.example.com')
    const first = await ask('/page?a=1')
    expect([first.status, first.headers.get('location')]).toEqual([
      307,
      'https://id.example.com/page?a=1&dw_host=1',
    ])
    const second = await ask('/page?a=1&dw_host=1')
    expect([second.status, second.headers.get('location')]).toEqual([400, null])
    expect(await second.text()).toContain('proxy_set_header Host')
  })

  it('are no reason to send a program to another host', async () => {
    const { ask } = start('https://id.example.com')
    expect((await ask('/program')).status).toBe(200)
    expect((await ask('/assets/a.css')).status).toBe(200)
  })
})

describe('CORS', () => {
  const acao = (response: Response) => response.headers.get('access-control-allow-origin')

  it('lets anybody read what is public', async () => {
    const { ask } = start()
    for (const headers of [{}, spa, other]) expect(acao(await ask('/open', { headers }))).toBe('*')
  })

  it('lets client origins read answers and errors, with the headers that explain them', async () => {
    const { ask } = start()
    const post = { method: 'POST', headers: { ...spa, 'content-type': 'text/plain' }, body: 'x' }
    const answers = [
      await ask('/program', { headers: spa }),
      await ask('/busy', { headers: spa }),
      await ask('/bug', { headers: spa }),
      await ask('/form', post),
      await ask('/program', { method: 'DELETE', headers: spa }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 503, 500, 400, 405])
    for (const answer of answers) {
      expect(acao(answer)).toBe(spa.origin)
      expect(answer.headers.get('access-control-expose-headers')).toBe('WWW-Authenticate, Retry-After')
      expect(answer.headers.get('vary')).toBe('Origin')
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    }
  })

  it('lets no other origin read them', async () => {
    const { ask } = start()
    expect(acao(await ask('/program', { headers: other }))).toBeNull()
    expect(acao(await ask('/post', { method: 'POST', headers: spa }))).toBeNull()
    expect(acao(await ask('/page', { headers: spa }))).toBeNull()
  })

  it('answers preflights', async () => {
    const { ask } = start()
    const preflight = (path: string, headers: Record<string, string>) =>
      ask(path, { method: 'OPTIONS', headers: { ...headers, 'access-control-request-method': 'POST' } })
    const allowed = await preflight('/program', spa)
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      'access-control-allow-origin': spa.origin,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Authorization, Content-Type',
      'access-control-max-age': '600',
    })
    expect(allowed.status).toBe(204)
    expect(acao(await preflight('/program', other))).toBeNull()
    expect(acao(await preflight('/open', other))).toBe('*')
    expect((await preflight('/page', spa)).headers.get('access-control-allow-methods')).toBeNull()
  })

  it('is shut, and the request answered, where the origins cannot be read', async () => {
    const { ask, faults } = start('http://localhost:4000', new Error('down'))
    const response = await ask('/program', { headers: spa })
    expect([response.status, acao(response), faults.length]).toEqual([200, null, 1])
  })
})

it('a body that the surrounding app has read is used', async () => {
  const { ask } = start()
  const init = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  const parsed = await ask('/form', init, { peer: '', body: { kind: 'parsed', value: { a: '1' } } })
  expect(await parsed.json()).toEqual([['a', '1']])
  const gone = await ask('/form', init, { peer: '', body: { kind: 'unreadable' } })
  expect(await gone.json()).toMatchObject({ error: 'server_error', reason: 'body_unreadable' })
})
