import { generateSigningJwk, importPrivateJwk, type PrivateJwk, publicJwk } from '@doorward/core/crypto'
import { signJwt } from '@doorward/core/jwt'
import { describe, expect, it } from 'vitest'
import { ISSUER, startServer, type TestServer } from '../endpoints/support/server.ts'
import { type Answer, basic, confidential, post } from '../endpoints/support/token.ts'

const grant = { grant_type: 'client_credentials' }
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const ask = (server: TestServer, form: Record<string, string>, headers = {}): Promise<Answer> =>
  post(server, '/oauth/token', { ...grant, ...form }, headers)

const rawBasic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

describe('a client secret, RFC 6749 §2.3.1', () => {
  it('in a Basic header lets the client in', async () => {
    const server = await startServer()
    expect((await ask(server, {}, basic(await confidential(server)))).status).toBe(200)
  })

  it('in the form lets in a client that is registered for that', async () => {
    const server = await startServer()
    const client = await confidential(server, { token_endpoint_auth_method: 'client_secret_post' })
    expect((await ask(server, { client_id: client.id, client_secret: client.secret })).status).toBe(200)
  })

  it('is form-decoded in the header', async () => {
    const server = await startServer()
    const { id, secret } = await confidential(server)
    const encoded = [...`${secret}`].map((sign) => `%${sign.charCodeAt(0).toString(16)}`).join('')
    expect((await ask(server, {}, rawBasic(`${id}:${encoded}`))).status).toBe(200)
  })

  it('that was replaced opens nothing any more', async () => {
    const server = await startServer()
    const client = await confidential(server)
    const { secret } = await server.clients.rotateSecret(client.id)
    expect((await ask(server, {}, basic(client))).status).toBe(401)
    expect((await ask(server, {}, basic({ ...client, secret: secret ?? '' }))).status).toBe(200)
  })

  it.each([
    ['a wrong secret', (id: string) => rawBasic(`${id}:wrong`), 'client_credentials_wrong'],
    ['an empty secret', (id: string) => rawBasic(`${id}:`), 'client_credentials_wrong'],
    ['an unknown client', (_: string) => rawBasic('nobody:wrong'), 'client_credentials_wrong'],
    ['no colon', (id: string) => rawBasic(id), 'client_credentials_malformed'],
    ['no base64', () => ({ authorization: 'Basic ???' }), 'client_credentials_malformed'],
    ['nothing behind the scheme', () => ({ authorization: 'Basic' }), 'client_credentials_malformed'],
  ])('in Basic that is %s is 401 with a Basic challenge, §5.2', async (_case, headers, reason) => {
    const server = await startServer()
    const answer = await ask(server, {}, headers((await confidential(server)).id))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client', reason } })
    expect(answer.headers.get('www-authenticate')).toBe(`Basic realm="${ISSUER}"`)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('in the form that is wrong is 401 without a challenge', async () => {
    const server = await startServer()
    const client = await confidential(server, { token_endpoint_auth_method: 'client_secret_post' })
    for (const client_id of [client.id, 'nobody']) {
      const answer = await ask(server, { client_id, client_secret: 'wrong' })
      expect(answer).toMatchObject({ status: 401, body: { reason: 'client_credentials_wrong' } })
      expect(answer.headers.get('www-authenticate')).toBeNull()
    }
  })

  it('that is wrong goes on record, without what was typed', async () => {
    const server = await startServer()
    const client = await confidential(server)
    await ask(server, {}, rawBasic(`${client.id}:typed-by-mistake`))
    await ask(server, {}, rawBasic('typed-as-id:x'))
    await ask(server, {}, rawBasic('typed-without-colon'))
    const failures = server.events.filter(({ event }) => event === 'client_authentication.failed')
    expect(failures.map(({ clientId, reason }) => [clientId, reason])).toEqual([
      [client.id, 'client_credentials_wrong'],
      [null, 'client_credentials_wrong'],
      [null, 'client_credentials_malformed'],
    ])
    expect(server.story()).toHaveLength(3)
    expect(JSON.stringify(server.events)).not.toContain('typed')
  })
})

describe('a client', () => {
  const method = (name: string) => ({ token_endpoint_auth_method: name })
  const jwks = { jwks: { keys: [publicJwk(generateSigningJwk('ES256'))] } }

  it.each([
    ['client_secret_basic', {}, 'client_uses_basic'],
    ['client_secret_post', {}, 'client_uses_post'],
    ['private_key_jwt', jwks, 'client_uses_private_key_jwt'],
    ['none', { grant_types: ['authorization_code'], scope: 'openid' }, 'client_uses_none'],
  ])('registered for %s may use nothing else, and the reason says which', async (name, more, reason) => {
    const server = await startServer()
    const { id, secret } = await confidential(server, { ...method(name), ...more })
    const tries: readonly (readonly [string, Record<string, string>, Record<string, string>])[] = [
      ['client_secret_basic', {}, rawBasic(`${id}:${secret}`)],
      ['client_secret_post', { client_id: id, client_secret: secret || 'any' }, {}],
      ['none', { client_id: id }, {}],
    ]
    for (const [used, form, headers] of tries.filter(([used]) => used !== name)) {
      const { status, body } = await ask(server, form, headers)
      expect([used, status, body.error, body.reason]).toEqual([used, 401, 'invalid_client', reason])
    }
  })

  it.each([
    ['two secrets', (id: string, secret: string) => ({ client_id: id, client_secret: secret }), 400],
    ['another client_id', () => ({ client_id: 'other' }), 400],
    ['its own client_id', (id: string) => ({ client_id: id }), 200],
  ])('beside Basic may not send %s, RFC 6749 §2.3', async (_case, form, status) => {
    const server = await startServer()
    const client = await confidential(server)
    expect((await ask(server, form(client.id, client.secret), basic(client))).status).toBe(status)
  })

  it('that does not name itself is 401, and another scheme than Basic too', async () => {
    const server = await startServer()
    expect(await ask(server, {})).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', reason: 'client_credentials_missing' },
    })
    const bearer = await ask(server, {}, { authorization: 'Bearer x' })
    expect(bearer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(bearer.headers.get('www-authenticate')).toBeNull()
  })
})

describe('a client assertion, RFC 7523 §3', () => {
  const jwk = generateSigningJwk('ES256')

  const keyed = (server: TestServer, key: PrivateJwk = jwk) =>
    confidential(server, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicJwk(key)] },
    })

  const assertion = (server: TestServer, id: string, change: Record<string, unknown> = {}, key = jwk) => {
    const now = server.deps.clock()
    const claims = { iss: id, sub: id, aud: ISSUER, iat: now, exp: now + 60, jti: `j${Math.random()}` }
    return signJwt({ typ: 'JWT' }, { ...claims, ...change }, importPrivateJwk(key))
  }

  const send = (server: TestServer, text: string, form = {}) =>
    ask(server, { client_assertion_type: ASSERTION, client_assertion: text, ...form })

  it.each([ISSUER, `${ISSUER}/oauth/token`])('for %s lets the client in', async (aud) => {
    const server = await startServer()
    const { id } = await keyed(server)
    expect((await send(server, assertion(server, id, { aud }))).status).toBe(200)
    expect((await send(server, assertion(server, id), { client_id: id })).status).toBe(200)
  })

  it('counts once', async () => {
    const server = await startServer()
    const { id } = await keyed(server)
    const text = assertion(server, id)
    expect((await send(server, text)).status).toBe(200)
    expect(await send(server, text)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', reason: 'assertion_replayed' },
    })
    const parallel = assertion(server, id)
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(server, parallel)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it("of one client is no other's, though both use the same jti", async () => {
    const server = await startServer()
    const [one, other] = [await keyed(server), await keyed(server)]
    expect((await send(server, assertion(server, one.id, { jti: 'same' }))).status).toBe(200)
    expect((await send(server, assertion(server, other.id, { jti: 'same' }))).status).toBe(200)
  })

  it.each([
    ['another audience', { aud: 'https://else.example' }, 'assertion_audience'],
    ['two audiences', { aud: [ISSUER, 'https://else.example'] }, 'assertion_audience'],
    ['another issuer', { iss: 'other' }, 'assertion_issuer'],
    ['an end in the past', { exp: 1 }, 'assertion_time'],
    ['no end', { exp: undefined }, 'assertion_malformed'],
    ['no jti', { jti: undefined }, 'assertion_malformed'],
  ])('with %s is 401', async (_case, change, reason) => {
    const server = await startServer()
    const { id } = await keyed(server)
    expect(await send(server, assertion(server, id, change))).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', reason },
    })
  })

  it('by a key that is not registered is 401', async () => {
    const server = await startServer()
    const { id } = await keyed(server)
    const text = assertion(server, id, {}, generateSigningJwk('ES256'))
    expect((await send(server, text)).body.reason).toBe('assertion_key')
  })

  it('by another algorithm than the registered one is 401', async () => {
    const server = await startServer()
    const { id } = await confidential(server, {
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'EdDSA',
      jwks: { keys: [publicJwk(generateSigningJwk('EdDSA')), publicJwk(jwk)] },
    })
    expect((await send(server, assertion(server, id))).body.reason).toBe('assertion_key')
  })
})
