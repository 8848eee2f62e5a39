import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorize, callbackUri, exchange, isActive, post, refresh, signIn } from '../support/flow.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  type TestUser,
} from '../support/server.ts'
import { readAccessToken } from '../support/tokens.ts'

const orders = 'https://orders.example/api'
const invoices = 'https://invoices.example/'

describe.each(databases)('resources and roles on %s', (database) => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database })
    const ordersFlags = ['--scope', 'orders:read orders:write', '--claims', 'email name']
    await server.json(['resources', 'create', orders, ...ordersFlags, '--access-token-lifetime', '1h'])
    await server.json(['resources', 'create', invoices, '--scope', 'invoices:read', '--signing-alg', 'EdDSA'])
    const scope = 'openid offline_access orders:read orders:write invoices:read profile'
    ;[user, app] = await Promise.all([
      server.createUser({ name: 'Ada Lovelace' }),
      server.createClient({ redirect_uris: [callbackUri], scope, trusted: true }),
    ])
    await server.json(['roles', 'create', 'clerk'])
    await server.json(['roles', 'allow', 'clerk', '--resource', orders, '--permission', 'orders:write'])
    await server.json(['roles', 'grant', 'clerk', '--user', user.email])
  })
  afterAll(() => server.stop())

  const both = 'openid offline_access orders:read invoices:read'

  it('binds a token to the one resource asked for, with its lifetime, claims and algorithm (RFC 8707 §2)', async () => {
    const { tokens } = await signIn(server, app, user, { parameters: { scope: both, resource: orders } })
    expect(tokens.expires_in).toBe(3600)
    const { claims, header } = await readAccessToken(server, tokens.access_token, orders)
    expect(claims.aud).toBe(orders)
    expect(claims).toMatchObject({ email: user.email, name: 'Ada Lovelace' })
    expect(header.alg).toBe('ES256')
  })

  it('grants several resources at once, and gives a token for one of them at a time (RFC 8707 §2.2)', async () => {
    const parameters = { scope: both, resource: [orders, invoices] }
    const { tokens } = await signIn(server, app, user, { parameters })
    await readAccessToken(server, tokens.access_token, orders)
    const next = await refresh(server, app, String(tokens.refresh_token), { resource: invoices })
    const { claims, header } = await readAccessToken(server, next.body.access_token, invoices)
    expect(header.alg).toBe('EdDSA')
    expect(claims).not.toHaveProperty('email')
    const two = await refresh(server, app, String(next.body.refresh_token), { resource: [orders, invoices] })
    expect(two.body.error).toMatch(/^invalid_(target|request)$/)
  })

  it('refuses a resource that was not granted, and one that nobody knows (RFC 8707 §2, invalid_target)', async () => {
    const { tokens } = await signIn(server, app, user, { parameters: { scope: both, resource: orders } })
    const refused = await refresh(server, app, String(tokens.refresh_token), { resource: invoices })
    expect(refused.body.error).toBe('invalid_target')
    const unknown = authorize(server, app, user, { parameters: { resource: 'https://nobody.example/' } })
    await expect(unknown).rejects.toThrow(/invalid_target/)
    expect((await refresh(server, app, String(tokens.refresh_token))).status).toBe(200)
  })

  it('puts roles, and what they allow at the audience, into the token (RFC 9068 §2.2.3.1)', async () => {
    const at = async (resource: string) => {
      const { tokens } = await signIn(server, app, user, { parameters: { scope: both, resource } })
      return (await readAccessToken(server, tokens.access_token, resource)).claims
    }
    expect(await at(orders)).toMatchObject({ roles: ['clerk'], permissions: ['orders:write'] })
    expect((await at(invoices)).permissions ?? []).toEqual([])
  })

  it('gives roles to machines too, and takes them away, on another node with its next news', async () => {
    const machine = await server.createClient({
      grant_types: ['client_credentials'],
      scope: 'orders:read',
      default_resource: orders,
    })
    const token = async () => {
      const { body } = await post(server, '/oauth/token', { grant_type: 'client_credentials' }, machine)
      return (await readAccessToken(server, body.access_token, orders)).claims
    }
    await server.json(['roles', 'grant', 'clerk', '--client', machine.client_id])
    expect(await token()).toMatchObject({ roles: ['clerk'], permissions: ['orders:write'] })
    await server.json(['roles', 'revoke', 'clerk', '--client', machine.client_id])
    // The command is another process, whose news a node over PostgreSQL reads every 500 ms.
    await expect.poll(async () => (await token()).roles ?? []).toEqual([])
  })

  it('takes any live token with openid at userinfo, whatever its audience', async () => {
    const { tokens } = await signIn(server, app, user, { parameters: { scope: both, resource: orders } })
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    const response = await fetch(`${server.issuer}/oauth/userinfo`, { headers })
    expect(await response.json()).toMatchObject({ sub: user.sub })
  })

  it('leaves scopes of other resources out of the token (RFC 8707 §2.2)', async () => {
    const authorized = await authorize(server, app, user, {
      parameters: { scope: both, resource: [orders, invoices] },
    })
    const { body } = await exchange(server, app, authorized, { resource: orders })
    const { claims } = await readAccessToken(server, body.access_token, orders)
    expect(String(claims.scope).split(' ')).not.toContain('invoices:read')
  })

  it('ends everything of a disabled user at once, and refuses the sign-in', async () => {
    const person = await server.createUser()
    const { tokens } = await signIn(server, app, person)
    await server.json(['users', 'disable', person.email])
    expect(await isActive(server, app, String(tokens.access_token))).toBe(false)
    expect((await refresh(server, app, String(tokens.refresh_token))).body.error).toBe('invalid_grant')
    await expect(authorize(server, app, person)).rejects.toThrow()
  })
})
