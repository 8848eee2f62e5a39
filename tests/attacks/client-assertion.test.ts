import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { post } from '../support/flow.ts'
import { type Doorward, type RegisteredClient, startDoorward } from '../support/server.ts'

describe('forged and replayed client assertions, RFC 7523 §3, OIDC Core §9', () => {
  let server: Doorward
  let client: RegisteredClient
  let other: RegisteredClient
  let key: CryptoKey
  let count = 0

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    const pair = await generateKeyPair('ES256', { extractable: true })
    key = pair.privateKey
    const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] }
    const foreign = await generateKeyPair('ES256', { extractable: true })
    const machine = { grant_types: ['client_credentials'], token_endpoint_auth_method: 'private_key_jwt' }
    await server.json(['resources', 'create', 'https://api.example/', '--scope', 'read'])
    ;[client, other] = await Promise.all([
      server.createClient({ ...machine, jwks, scope: 'read' }),
      server.createClient({
        ...machine,
        jwks: { keys: [await exportJWK(foreign.publicKey)] },
        scope: 'read',
      }),
    ])
  })
  afterAll(() => server.stop())

  const now = () => Math.floor(Date.now() / 1000)
  const good = (): JWTPayload => {
    count += 1
    const id = client.client_id
    return { iss: id, sub: id, aud: server.issuer, jti: `jti-${count}`, iat: now(), exp: now() + 60 }
  }
  const sign = (claims: JWTPayload, signer: CryptoKey = key, header: object = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one', ...header }).sign(signer)
  const ask = (client_assertion: string, more: Record<string, string | undefined> = {}) =>
    post(server, '/oauth/token', {
      grant_type: 'client_credentials',
      client_assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      ...more,
    })

  it('takes the issuer or the token endpoint as audience, with and without client_id', async () => {
    expect((await ask(await sign(good()))).status).toBe(200)
    expect((await ask(await sign({ ...good(), aud: `${server.issuer}/oauth/token` }))).status).toBe(200)
    expect((await ask(await sign(good()), { client_id: client.client_id })).status).toBe(200)
  })

  it.each([
    ['another audience', () => ({ aud: 'https://evil.example' })],
    ['expired', () => ({ exp: now() - 120 })],
    ['without an end', () => ({ exp: undefined })],
    ['without a jti', () => ({ jti: undefined })],
    ['not valid yet', () => ({ nbf: now() + 600 })],
    ['another subject', () => ({ sub: other.client_id })],
    ['another issuer', () => ({ iss: other.client_id })],
    ['a subject that nobody is', () => ({ iss: 'nobody', sub: 'nobody' })],
  ])('refuses one with %s', async (_title, change) => {
    const claims: JWTPayload = JSON.parse(JSON.stringify({ ...good(), ...change() }))
    const { status, body } = await ask(await sign(claims))
    expect([status, body.error]).toEqual([401, 'invalid_client'])
  })

  it('refuses a key that is not the client’s, however it is offered', async () => {
    const evil = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(evil.publicKey)
    for (const header of [{}, { kid: 'two' }, { jwk }, { jku: 'https://evil.example' }]) {
      const { status, body } = await ask(await sign(good(), evil.privateKey, header))
      expect([status, body.error]).toEqual([401, 'invalid_client'])
    }
  })

  it('refuses client_id of somebody else, a second proof, and the wrong type', async () => {
    const assertion = async () => sign(good())
    expect((await ask(await assertion(), { client_id: other.client_id })).status).toBeGreaterThanOrEqual(400)
    expect((await ask(await assertion(), { client_secret: 'x', client_id: client.client_id })).status).toBe(
      400,
    )
    expect((await ask(await assertion(), { client_assertion_type: 'x' })).status).toBeGreaterThanOrEqual(400)
    expect(
      (await ask(await assertion(), { client_assertion_type: undefined })).status,
    ).toBeGreaterThanOrEqual(400)
  })

  it('an assertion is good once, even fifty times at once (RFC 7523 §3 jti)', async () => {
    const assertion = await sign(good())
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(assertion)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, body.error]).toEqual([401, 'invalid_client'])
    }
  })
})
