import { exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Doorward, databases, type RegisteredClient, startDoorward } from '../support/server.ts'
import { readAccessToken } from '../support/tokens.ts'

const insecure = { [oauth.allowInsecureRequests]: true }
const api = 'https://orders.example/api'

describe.each(databases)('client credentials with oauth4webapi on %s', (database) => {
  let server: Doorward
  let as: oauth.AuthorizationServer

  beforeAll(async () => {
    server = await startDoorward({ database })
    await server.json(['resources', 'create', api, '--scope', 'orders:read orders:write'])
    const issuer = new URL(server.issuer)
    as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
  })
  afterAll(() => server.stop())

  const machine = (method: string, more: object = {}) =>
    server.createClient({
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: method,
      scope: 'orders:read orders:write',
      default_resource: api,
      ...more,
    })

  const grant = async (
    client: RegisteredClient,
    auth: oauth.ClientAuth,
    parameters: Record<string, string> = {},
  ) => {
    const me = { client_id: client.client_id }
    const response = await oauth.clientCredentialsGrantRequest(as, me, auth, parameters, insecure)
    return oauth.processClientCredentialsResponse(as, me, response)
  }

  it.each([
    ['client_secret_basic', oauth.ClientSecretBasic],
    ['client_secret_post', oauth.ClientSecretPost],
  ] as const)(
    'gives a token to a client that proves itself by %s (RFC 6749 §2.3.1, §4.4)',
    async (method, prove) => {
      const client = await machine(method)
      const tokens = await grant(client, prove(String(client.client_secret)), { scope: 'orders:read' })
      expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'orders:read', expires_in: 600 })
      expect(tokens).not.toHaveProperty('refresh_token')
      const { claims } = await readAccessToken(server, tokens.access_token, api)
      expect(claims).toMatchObject({
        sub: client.client_id,
        client_id: client.client_id,
        scope: 'orders:read',
      })
      for (const name of ['sid', 'auth_time', 'acr', 'amr']) expect(claims).not.toHaveProperty(name)
    },
  )

  it.each(['ES256', 'RS256', 'PS256', 'EdDSA'])('takes a %s assertion once (RFC 7523 §3)', async (alg) => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg, use: 'sig' }
    const client = await machine('private_key_jwt', { jwks: { keys: [jwk] } })
    const key = { key: privateKey, kid: 'one' }
    const tokens = await grant(client, oauth.PrivateKeyJwt(key))
    await readAccessToken(server, tokens.access_token, api)

    let assertion = ''
    const remember: oauth.ClientAuth = async (...parts) => {
      await oauth.PrivateKeyJwt(key)(...parts)
      assertion = parts[2].get('client_assertion') ?? ''
    }
    await grant(client, remember)
    const replay: oauth.ClientAuth = (_as, me, body) => {
      body.set('client_id', me.client_id)
      body.set('client_assertion', assertion)
      body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    }
    await expect(grant(client, replay)).rejects.toMatchObject({ error: 'invalid_client', status: 401 })
  })

  it('refuses a wrong secret with 401, and WWW-Authenticate where Basic was tried (RFC 6749 §5.2)', async () => {
    const client = await machine('client_secret_basic')
    const me = { client_id: client.client_id }
    const wrong = oauth.ClientSecretBasic('not the secret')
    const response = await oauth.clientCredentialsGrantRequest(as, me, wrong, {}, insecure)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic /)
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })

  it('refuses a client another method than it registered (RFC 7591 §2)', async () => {
    const client = await machine('client_secret_basic')
    const secret = String(client.client_secret)
    await expect(grant(client, oauth.ClientSecretPost(secret))).rejects.toMatchObject({
      error: 'invalid_client',
    })
  })

  it('refuses a grant the client did not register (RFC 6749 §5.2 unauthorized_client)', async () => {
    const client = await server.createClient({ redirect_uris: ['https://app.example/callback'] })
    const basic = oauth.ClientSecretBasic(String(client.client_secret))
    await expect(grant(client, basic)).rejects.toMatchObject({ error: 'unauthorized_client' })
  })

  it('leaves unknown scopes out and says so; invalid_scope where nothing is left (RFC 6749 §3.3)', async () => {
    const client = await machine('client_secret_basic')
    const basic = oauth.ClientSecretBasic(String(client.client_secret))
    expect((await grant(client, basic, { scope: 'orders:read orders:burn' })).scope).toBe('orders:read')
    await expect(grant(client, basic, { scope: 'orders:burn' })).rejects.toMatchObject({
      error: 'invalid_scope',
    })
  })

  it('introspects for the client a resource belongs to, nobody else (RFC 7662 §2.2, §4)', async () => {
    const [client, gateway, stranger] = await Promise.all([
      machine('client_secret_basic'),
      machine('client_secret_basic', { introspects: [api] }),
      machine('client_secret_basic'),
    ])
    const { access_token: token } = await grant(client, oauth.ClientSecretBasic(String(client.client_secret)))
    const ask = async (asker: RegisteredClient) => {
      const me = { client_id: asker.client_id }
      const basic = oauth.ClientSecretBasic(String(asker.client_secret))
      const response = await oauth.introspectionRequest(as, me, basic, token, insecure)
      return oauth.processIntrospectionResponse(as, me, response)
    }
    expect(await ask(gateway)).toMatchObject({ active: true, client_id: client.client_id, aud: api })
    expect(await ask(client)).toMatchObject({ active: true })
    expect(await ask(stranger)).toEqual({ active: false })
  })

  it('revokes an access token by itself (RFC 7009 §2.1)', async () => {
    const client = await machine('client_secret_basic')
    const me = { client_id: client.client_id }
    const basic = oauth.ClientSecretBasic(String(client.client_secret))
    const { access_token: token } = await grant(client, basic)
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, me, basic, token, insecure))
    const response = await oauth.introspectionRequest(as, me, basic, token, insecure)
    expect(await response.json()).toEqual({ active: false })
  })
})
