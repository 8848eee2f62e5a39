import { OPENID_SCOPES } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { ISSUER, startServer } from './support/server.ts'
import { get } from './support/token.ts'

const OPENID = '/.well-known/openid-configuration'
const OAUTH = '/.well-known/oauth-authorization-server'

describe('discovery, OpenID Connect Discovery §4, RFC 8414 §3', () => {
  it('is one document under both names, readable from anywhere', async () => {
    const server = await startServer()
    const [openid, oauth] = [await get(server, OPENID), await get(server, OAUTH)]
    expect(openid.body).toEqual(oauth.body)
    expect(openid.status).toBe(200)
    expect(openid.body).toMatchObject({
      issuer: ISSUER,
      token_endpoint: `${ISSUER}/oauth/token`,
      jwks_uri: `${ISSUER}/oauth/jwks`,
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      claims_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
    })
    expect(openid.headers.get('access-control-allow-origin')).toBe('*')
    expect(openid.headers.get('cache-control')).toBe('public, max-age=300')
  })

  it('names only what answers: every endpoint of it is there', async () => {
    const server = await startServer()
    const { body } = await get(server, OPENID)
    const urls = Object.entries(body).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name))
    expect(urls).toHaveLength(8)
    for (const [name, url] of urls) {
      const { status } = await get(server, String(url).slice(ISSUER.length), {}, 'OPTIONS')
      expect([name, status]).toEqual([name, 204])
    }
  })

  it('knows the scopes of all resources, and follows them', async () => {
    const server = await startServer()
    const before = await get(server, OPENID)
    expect(before.body.scopes_supported).toEqual(OPENID_SCOPES)
    await server.resources.create({ uri: 'https://orders.example', scopes: ['orders:read'] })
    const after = await get(server, OPENID)
    expect(after.body.scopes_supported).toEqual([...OPENID_SCOPES, 'orders:read'])
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'))
  })

  it('is 304 for who has it already, RFC 9110 §13.1.2', async () => {
    const server = await startServer()
    const etag = (await get(server, OPENID)).headers.get('etag') ?? ''
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, headers } = await get(server, OPENID, { 'if-none-match': known })
      expect([status, headers.get('etag')]).toEqual([304, etag])
    }
    expect((await get(server, OPENID, { 'if-none-match': '"other"' })).status).toBe(200)
  })
})

describe('of an issuer with a path', () => {
  it('stands under the path, and for RFC 8414 §3.1 before it', async () => {
    const server = await startServer({ issuer: `${ISSUER}/auth` })
    for (const path of [`/auth${OPENID}`, `/auth${OAUTH}`, `${OAUTH}/auth`]) {
      const { status, body } = await get(server, path)
      expect([path, status, body.issuer, body.token_endpoint]).toEqual([
        path,
        200,
        `${ISSUER}/auth`,
        `${ISSUER}/auth/oauth/token`,
      ])
    }
    for (const path of [OPENID, OAUTH, `${OPENID}/auth`, '/oauth/token']) {
      expect([path, (await get(server, path)).status]).toEqual([path, 404])
    }
  })
})

describe('the JWK set, RFC 7517 §5', () => {
  it('holds public keys of every algorithm that signs, cacheable, readable from anywhere', async () => {
    const server = await startServer()
    await server.deps.keyring.signer('RS256')
    const { status, headers, body } = await get(server, '/oauth/jwks')
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('public, max-age=300')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    const keys = Array.isArray(body.keys) ? body.keys : []
    expect(keys.map(({ alg }) => alg).sort()).toEqual(['ES256', 'EdDSA', 'RS256'])
    for (const key of keys) {
      expect(key).toMatchObject({ use: 'sig', kid: expect.any(String) })
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret)
    }
    const again = await get(server, '/oauth/jwks', { 'if-none-match': headers.get('etag') ?? '' })
    expect(again.status).toBe(304)
  })
})
