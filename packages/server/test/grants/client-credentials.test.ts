import { describe, expect, it } from 'vitest'
import { ISSUER, startServer } from '../endpoints/support/server.ts'
import { claimsOf, confidential, headerOf, isActive, textsOf, token } from '../endpoints/support/token.ts'

const orders = 'https://orders.example'
const grant = { grant_type: 'client_credentials' }

describe('a client’s own token, RFC 6749 §4.4', () => {
  it('is about the client, for the issuer unless told otherwise, with no refresh token', async () => {
    const server = await startServer()
    const client = await confidential(server, { grant_types: ['client_credentials'], scope: 'plain' })
    const { status, headers, body } = await token(server, client, grant)
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'plain',
    })
    const { accessToken } = textsOf(body)
    const now = server.deps.clock()
    expect(headerOf(accessToken)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' })
    expect(claimsOf(accessToken)).toEqual({
      iss: ISSUER,
      sub: client.id,
      aud: ISSUER,
      client_id: client.id,
      iat: now,
      exp: now + 600,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      scope: 'plain',
    })
    expect(await isActive(server, client, accessToken)).toBe(true)
  })

  it('leaves unknown scopes out and says so; with none left it is invalid_scope', async () => {
    const server = await startServer()
    const client = await confidential(server)
    const some = await token(server, client, { ...grant, scope: 'plain openid nonsense' })
    expect(some.body.scope).toBe('plain')
    const none = await token(server, client, { ...grant, scope: 'openid nonsense' })
    expect(none).toMatchObject({ status: 400, body: { error: 'invalid_scope', reason: 'scope_empty' } })
    const malformed = await token(server, client, { ...grant, scope: 'a  b' })
    expect(malformed.body).toMatchObject({ error: 'invalid_scope', reason: 'scope_malformed' })
  })

  it('may have no scope at all, and then says none', async () => {
    const server = await startServer()
    const client = await confidential(server, { grant_types: ['client_credentials'], scope: 'openid' })
    const { status, body } = await token(server, client, grant)
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('scope')
  })

  it('is for the resource named, else the client’s default, with its lifetime, algorithm and roles', async () => {
    const server = await startServer()
    await server.resources.create({
      uri: orders,
      scopes: ['orders:read', 'orders:write'],
      accessTokenLifetime: 3_600,
      signingAlg: 'RS256',
      claims: ['email'],
    })
    await server.roles.create('clerk')
    await server.roles.allow('clerk', { resource: orders, permission: 'orders:write' })
    const client = await confidential(server, {
      scope: 'orders:read plain',
      default_resource: orders,
    })
    await server.roles.grant('clerk', { client: client.id })
    const { body } = await token(server, client, grant)
    expect(body).toMatchObject({ expires_in: 3_600, scope: 'orders:read' })
    const { accessToken } = textsOf(body)
    expect(headerOf(accessToken).alg).toBe('RS256')
    expect(claimsOf(accessToken)).toMatchObject({
      aud: orders,
      roles: ['clerk'],
      permissions: ['orders:write'],
    })
    expect(claimsOf(accessToken)).not.toHaveProperty('email')
    const own = await token(server, client, { ...grant, resource: ISSUER })
    expect(claimsOf(textsOf(own.body).accessToken)).toMatchObject({ aud: ISSUER, scope: 'plain' })
  })

  it.each([
    ['an unknown resource', { resource: 'https://unknown.example' }, 'resource_unknown'],
    ['a resource with a fragment, RFC 8707 §2', { resource: `${orders}#x` }, 'resource_malformed'],
  ])('for %s is invalid_target', async (_case, more, reason) => {
    const server = await startServer()
    const { status, body } = await token(server, await confidential(server), { ...grant, ...more })
    expect([status, body.error, body.reason]).toEqual([400, 'invalid_target', reason])
  })

  it('ends with the client', async () => {
    const server = await startServer()
    const [client, witness] = [
      await confidential(server),
      await confidential(server, { introspects: [ISSUER] }),
    ]
    const { accessToken } = textsOf((await token(server, client, grant)).body)
    expect(await isActive(server, witness, accessToken)).toBe(true)
    await server.clients.delete(client.id)
    expect(await isActive(server, witness, accessToken)).toBe(false)
  })
})
