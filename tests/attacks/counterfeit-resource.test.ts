import { requireToken } from '@doorward/guard/fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callbackUri, post, signIn } from '../support/flow.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'
import { readAccessToken } from '../support/tokens.ts'

const orders = 'https://orders.example/'
const evil = 'https://evil.example/'

describe('tokens shown where they do not belong, RFC 9700 §4.9, §4.10, §4.15', () => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    await server.json(['resources', 'create', orders, '--scope', 'read write'])
    await server.json(['resources', 'create', evil, '--scope', 'read write'])
    ;[user, app] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri], trusted: true, scope: 'openid read write' }),
    ])
  })
  afterAll(() => server.stop())

  const open = async (token: unknown, more: { scope?: string } = {}) => {
    const protect = requireToken({ issuer: server.issuer, audience: orders, ...more })
    const handler = protect((_request, auth) => Response.json({ subject: auth.subject }))
    return handler(new Request(orders, { headers: { authorization: `Bearer ${token}` } }))
  }

  it('a token that one resource was shown opens no other (audience restriction, §4.10.2)', async () => {
    const { tokens } = await signIn(server, app, user, {
      parameters: { scope: 'openid read', resource: evil },
    })
    expect((await open(tokens.access_token)).status).toBe(401)
    const own = await signIn(server, app, user, { parameters: { scope: 'openid read', resource: orders } })
    expect((await open(own.tokens.access_token)).status).toBe(200)
  })

  it('an ID token opens no API (RFC 9068 §4)', async () => {
    const { tokens } = await signIn(server, app, user, {
      parameters: { scope: 'openid read', resource: orders },
    })
    expect((await open(tokens.id_token)).status).toBe(401)
    expect((await open(tokens.refresh_token)).status).toBe(401)
  })

  it('a token with less than a route needs gets 403 with what is missing (RFC 6750 §3.1)', async () => {
    const { tokens } = await signIn(server, app, user, {
      parameters: { scope: 'openid read', resource: orders },
    })
    const answer = await open(tokens.access_token, { scope: 'write' })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toMatch(/error="insufficient_scope".*scope="write"/)
  })

  it('a client’s own token is nobody’s: its subject is the client, and no person has such a subject (§4.15)', async () => {
    const machine = await server.createClient({ grant_types: ['client_credentials'], scope: 'openid read' })
    const { body } = await post(
      server,
      '/oauth/token',
      { grant_type: 'client_credentials', resource: orders },
      machine,
    )
    const { claims } = await readAccessToken(server, body.access_token, orders)
    expect(claims.sub).toBe(machine.client_id)
    expect(String(claims.scope).split(' ')).not.toContain('openid')
    expect(user.sub).toMatch(/^u_/)
    expect(machine.client_id).not.toMatch(/^u_/)
    const headers = { authorization: `Bearer ${body.access_token}` }
    expect((await fetch(`${server.issuer}/oauth/userinfo`, { headers })).status).toBeGreaterThanOrEqual(400)
  })
})
