import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callbackUri, encode, signIn } from '../support/flow.ts'
import { raw } from '../support/raw.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'

const spa = 'https://spa.example'

describe('what the server says of itself, and to which origins', () => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    ;[user, app] = await Promise.all([
      server.createUser(),
      server.createClient({
        redirect_uris: [callbackUri, `${spa}/callback`],
        token_endpoint_auth_method: 'none',
        trusted: true,
      }),
    ])
  })
  afterAll(() => server.stop())

  const read = async (path: string) => (await fetch(server.issuer + path)).json()

  it('both metadata documents are equal where they overlap (OIDC Discovery §3, RFC 8414 §2)', async () => {
    const [openid, oauth] = await Promise.all([
      read('/.well-known/openid-configuration'),
      read('/.well-known/oauth-authorization-server'),
    ])
    expect(openid.issuer).toBe(server.issuer)
    for (const [name, value] of Object.entries(oauth)) expect(openid[name], name).toEqual(value)
    expect(openid).toMatchObject({
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      claims_parameter_supported: true,
      authorization_response_iss_parameter_supported: true,
      subject_types_supported: ['public'],
      grant_types_supported: expect.arrayContaining([
        'authorization_code',
        'refresh_token',
        'client_credentials',
      ]),
      response_modes_supported: expect.arrayContaining(['query', 'form_post']),
      id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
      prompt_values_supported: expect.arrayContaining(['none', 'login', 'consent', 'select_account']),
    })
  })

  it('every address it names answers, and it names none of what is not there yet', async () => {
    const metadata = await read('/.well-known/openid-configuration')
    for (const [name, value] of Object.entries(metadata)) {
      if (!/_endpoint$|_uri$/.test(name)) continue
      const { status } = await fetch(String(value), { redirect: 'manual' })
      expect(status, name).not.toBe(404)
    }
    for (const name of [
      'registration_endpoint',
      'device_authorization_endpoint',
      'pushed_authorization_request_endpoint',
    ]) {
      expect(metadata).not.toHaveProperty(name)
    }
    expect(JSON.stringify(metadata)).not.toMatch(/implicit|"password"|"none"\]?,?"HS|dpop/i)
  })

  it('discovery and keys are for every origin; tokens for those of public clients alone (Fetch, CORS)', async () => {
    const allowed = async (path: string, origin: string, method = 'GET') => {
      const { headers } = await raw(server.issuer + path, { method, headers: { origin } })
      return headers['access-control-allow-origin']
    }
    for (const path of [
      '/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server',
      '/oauth/jwks',
    ]) {
      expect(await allowed(path, 'https://anybody.example')).toBe('*')
    }
    for (const path of ['/oauth/token', '/oauth/userinfo', '/oauth/revoke']) {
      expect(await allowed(path, spa, 'POST'), path).toBe(spa)
      expect(await allowed(path, 'https://evil.example', 'POST'), path).toBeUndefined()
      expect(await allowed(path, 'null', 'POST'), path).toBeUndefined()
    }
    for (const path of ['/login', '/oauth/authorize', '/account']) {
      expect(await allowed(path, spa), path).toBeUndefined()
    }
  })

  it('answers preflights, and shows refusals to scripts too', async () => {
    const preflight = await raw(`${server.issuer}/oauth/token`, {
      method: 'OPTIONS',
      headers: {
        origin: spa,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers['access-control-allow-origin']).toBe(spa)
    expect(String(preflight.headers['access-control-allow-methods'])).toContain('POST')
    expect(String(preflight.headers['access-control-allow-headers']).toLowerCase()).toContain('authorization')
    const refused = await raw(`${server.issuer}/oauth/userinfo`, {
      headers: { origin: spa, authorization: 'Bearer x' },
    })
    expect(refused.status).toBe(401)
    expect(refused.headers['access-control-allow-origin']).toBe(spa)
    expect(String(refused.headers['access-control-expose-headers']).toLowerCase()).toContain(
      'www-authenticate',
    )
  })

  it('userinfo answers GET and POST, the token in the header or in the form (RFC 6750 §2)', async () => {
    const { tokens } = await signIn(server, app, user)
    const token = String(tokens.access_token)
    const url = `${server.issuer}/oauth/userinfo`
    const headers = { authorization: `Bearer ${token}` }
    for (const init of [
      { headers },
      { method: 'POST', headers },
      { method: 'POST', body: encode({ access_token: token }) },
    ]) {
      const answer = await fetch(url, init)
      expect([answer.status, (await answer.json()).sub]).toEqual([200, user.sub])
    }
    const twice = await fetch(url, { method: 'POST', headers, body: encode({ access_token: token }) })
    expect(twice.status).toBe(400)
    const none = await fetch(url)
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Bearer(?! error)/),
    ])
  })

  it('is healthy and ready', async () => {
    for (const path of ['/healthz', '/readyz']) expect((await fetch(server.issuer + path)).status).toBe(200)
  })
})
