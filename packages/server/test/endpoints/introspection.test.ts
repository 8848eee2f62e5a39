import { describe, expect, it } from 'vitest'
import { ISSUER, startServer } from './support/server.ts'
import {
  basic,
  claimsOf,
  confidential,
  firstTokens,
  isActive,
  issueCode,
  post,
  redeem,
  refresh,
  signedIn,
  textsOf,
} from './support/token.ts'

const orders = 'https://orders.example'

describe('introspection, RFC 7662 §2', () => {
  it("tells a client about its own access token: all the token's claims", async () => {
    const server = await startServer()
    const { client, session, accessToken } = await firstTokens(server)
    const answer = await post(server, '/oauth/introspect', { token: accessToken }, basic(client))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.body).toEqual({
      ...claimsOf(accessToken),
      active: true,
      token_type: 'Bearer',
      client_id: client.id,
      sub: session.userId,
      aud: ISSUER,
      iss: ISSUER,
      scope: 'openid',
    })
  })

  it('tells a client about its own refresh token, whatever the hint says (§2.1)', async () => {
    const server = await startServer()
    const { client, session, refreshToken } = await firstTokens(server)
    const form = { token: refreshToken, token_type_hint: 'access_token' }
    const { body } = await post(server, '/oauth/introspect', form, basic(client))
    const now = server.deps.clock()
    expect(body).toEqual({
      active: true,
      token_type: 'refresh_token',
      client_id: client.id,
      sub: session.userId,
      iss: ISSUER,
      aud: [ISSUER],
      scope: 'openid',
      iat: now,
      exp: now + 14 * 86_400,
    })
  })

  it('answers {"active":false} and nothing else to what is none of its business', async () => {
    const server = await startServer()
    const { client, accessToken, refreshToken, idToken } = await firstTokens(server)
    const stranger = await confidential(server)
    const dead = async (asker: typeof client, token: string) => {
      const { status, body } = await post(server, '/oauth/introspect', { token }, basic(asker))
      expect([status, body]).toEqual([200, { active: false }])
    }
    for (const token of [accessToken, refreshToken]) await dead(stranger, token)
    const [header = '', payload = '', signature = ''] = accessToken.split('.')
    const forged = `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    for (const token of [idToken, forged, 'unknown', 'a.b.c', '...']) await dead(client, token)
  })

  it('tells a resource server about access tokens of the resources it introspects, not their refresh tokens', async () => {
    const server = await startServer()
    await server.resources.create({ uri: orders, scopes: ['orders:read'] })
    const [client, api] = [
      await confidential(server, { scope: 'orders:read' }),
      await confidential(server, { introspects: [orders] }),
    ]
    const session = await signedIn(server)
    const at = async (resource: string) => {
      const grant = { scopes: ['orders:read'], resources: [resource] }
      return textsOf((await redeem(server, client, await issueCode(server, client, session, { grant }))).body)
    }
    const [here, elsewhere] = [await at(orders), await at(ISSUER)]
    expect(await isActive(server, api, here.accessToken)).toBe(true)
    expect(await isActive(server, api, elsewhere.accessToken)).toBe(false)
    expect(await isActive(server, api, here.refreshToken)).toBe(false)
  })

  it('sees an end at once: time, revocation, session, family, person', async () => {
    const server = await startServer()
    const { storage, clock } = server.deps
    const ends = [
      async () => server.wait(601),
      async (_: string, sid: string) => storage.sessions.end(sid, clock()),
      async (family: string) => storage.families.revoke(family, clock()),
      async (_: string, __: string, user: string) => storage.users.disable(user, clock()),
      async (_: string, __: string, user: string) => storage.users.delete(user, clock()),
    ]
    for (const end of ends) {
      const { client, session, accessToken } = await firstTokens(server)
      expect(await isActive(server, client, accessToken)).toBe(true)
      const [family = ''] = String(claimsOf(accessToken).jti).split('.')
      await end(family, session.sid, session.userId)
      expect(await isActive(server, client, accessToken)).toBe(false)
    }
  })

  it('calls a rotated refresh token dead, though its grace still runs', async () => {
    const server = await startServer()
    const { client, refreshToken } = await firstTokens(server)
    await refresh(server, client, refreshToken)
    expect(await isActive(server, client, refreshToken)).toBe(false)
  })

  it('needs a client that can prove itself (§2.1)', async () => {
    const server = await startServer()
    const { accessToken } = await firstTokens(server)
    const open = await confidential(server, {
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      scope: 'openid',
    })
    const answers = [
      await post(server, '/oauth/introspect', { token: accessToken }),
      await post(server, '/oauth/introspect', { token: accessToken, client_id: open.id }),
      await post(
        server,
        '/oauth/introspect',
        { token: accessToken },
        { authorization: `Bearer ${accessToken}` },
      ),
    ]
    for (const { status, body } of answers) expect([status, body.error]).toEqual([401, 'invalid_client'])
    expect(server.events.slice(-3).map(({ event, clientId }) => [event, clientId])).toEqual([
      ['client_authentication.failed', null],
      ['client_authentication.failed', open.id],
      ['client_authentication.failed', null],
    ])
  })

  it('needs a token, and a form', async () => {
    const server = await startServer()
    const client = await confidential(server)
    expect(await post(server, '/oauth/introspect', {}, basic(client))).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', reason: 'parameter_missing' },
    })
    const json = { ...basic(client), 'content-type': 'application/json' }
    expect((await post(server, '/oauth/introspect', { token: 'x' }, json)).status).toBe(400)
  })
})
