import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type OidcStandIn, startOidcProvider } from '../../../../tests/support/providers/oidc.ts'
import { tokensOf } from '../upstream/stored.ts'
import { accessToken, agree, at, bearer, connected, link, SCOPE } from './support/connections.ts'
import { confidential, get, signedIn, textsOf, token } from './support/token.ts'

describe('/api/v1/me/connections/:provider/token', () => {
  let provider: OidcStandIn
  beforeAll(async () => {
    provider = await startOidcProvider()
  })
  afterAll(() => provider.stop())

  const given = (own: Parameters<typeof tokensOf>[0] = {}) => connected(provider, own)

  it('hands out the person’s token at the provider, to be kept by no cache', async () => {
    const { server, text, tokens, client, session } = await given()
    const { status, body, headers } = await get(server, at('corp'), bearer(text))
    expect([status, body]).toEqual([
      200,
      { access_token: tokens.accessToken, token_type: 'Bearer', expires_in: 3600, scope: 'openid email' },
    ])
    expect(headers.get('cache-control')).toBe('no-store')
    expect(server.events.at(-1)).toMatchObject({
      event: 'connection.token_issued',
      clientId: client.id,
      userId: session.userId,
      provider: 'corp',
    })
    expect(JSON.stringify(server.events)).not.toContain(tokens.accessToken)
  })

  it('names no end where the provider named none', async () => {
    const { server, text } = await given({ expiresAt: null })
    expect((await get(server, at('corp'), bearer(text))).body).not.toHaveProperty('expires_in')
  })

  it('challenges as RFC 6750 §3 has it: without a token, with a dead one, with one that lacks the scope', async () => {
    const { server, client, session, text } = await given()
    const bare = await get(server, at('corp'))
    expect([bare.status, bare.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    for (const dead of ['x', `${text}x`]) {
      const { status, body, headers } = await get(server, at('corp'), bearer(dead))
      expect([status, body.error]).toEqual([401, 'invalid_token'])
      expect(headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/)
    }
    const plain = await accessToken(server, client, session, { scopes: ['openid', 'plain'] })
    const { status, body, headers } = await get(server, at('corp'), bearer(plain))
    expect([status, body.error]).toEqual([403, 'insufficient_scope'])
    expect(headers.get('www-authenticate')).toContain(`scope="${SCOPE}"`)
  })

  it('takes tokens for the issuer alone, of sessions that live', async () => {
    const { server, client, session, text } = await given()
    const orders = 'https://orders.example'
    await server.resources.create({ uri: orders, scopes: ['read'] })
    const wide = await accessToken(server, client, session, {
      resources: [orders],
      scopes: ['openid', SCOPE],
    })
    expect((await get(server, at('corp'), bearer(wide))).status).toBe(401)
    await server.deps.storage.sessions.end(session.sid, server.deps.clock())
    expect(await get(server, at('corp'), bearer(text))).toMatchObject({
      status: 401,
      body: { reason: 'token_dead' },
    })
  })

  it('asks for the person’s consent and the client’s registration as they are now', async () => {
    const { server, session } = await given()
    const silent = await confidential(server, { scope: `openid ${SCOPE}` })
    const text = await accessToken(server, silent, session)
    const refused = { status: 403, body: { error: 'insufficient_scope', reason: 'connection_not_allowed' } }
    expect(await get(server, at('corp'), bearer(text))).toMatchObject(refused)
    const narrow = await confidential(server, { scope: 'openid' })
    await agree(server, session.userId, narrow.id)
    const forged = await accessToken(server, narrow, session)
    expect(await get(server, at('corp'), bearer(forged))).toMatchObject(refused)
  })

  it('never gives a client’s own token the scope', async () => {
    const { server, client } = await given()
    const { body } = await token(server, client, {
      grant_type: 'client_credentials',
      scope: `plain ${SCOPE}`,
    })
    expect(body.scope).toBe('plain')
    const own = await get(server, at('corp'), bearer(textsOf(body).accessToken))
    expect(own).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
  })

  it('takes of two accounts at the provider the one that was used last', async () => {
    const { server, session, text } = await given()
    const now = server.deps.clock()
    const kept: string[] = []
    for (const usedAt of [now + 2, now + 1]) {
      const { identity, tokens } = await link(server, session, provider)
      await server.deps.storage.identities.touch(identity.id, identity, usedAt)
      kept.push(tokens.accessToken)
    }
    const { body } = await get(server, at('corp'), bearer(text))
    expect(kept.indexOf(String(body.access_token))).toBe(0)
  })

  it('says 404 where nothing is linked, or no such provider is configured', async () => {
    const { server, client, text } = await given()
    const other = await signedIn(server)
    await agree(server, other.userId, client.id)
    const theirs = await accessToken(server, client, other)
    const unlinked = { status: 404, body: { error: 'connection_not_found', reason: 'connection_unlinked' } }
    expect(await get(server, at('corp'), bearer(theirs))).toMatchObject(unlinked)
    const unknown = { status: 404, body: { error: 'connection_not_found', reason: 'provider_unknown' } }
    expect(await get(server, at('github'), bearer(text))).toMatchObject(unknown)
  })

  it.each(['Corp', 'corp%2F', '%63orp', 'corp/..', '..', 'corp%00', 'corp/token/corp', '', 'x'.repeat(33)])(
    'takes no other text than an id: %s',
    async (id) => {
      const { server, text } = await given()
      const { status, body } = await get(server, at(id), bearer(text))
      expect([status, body.access_token]).toEqual([404, undefined])
    },
  )

  it('says 409 where only a new sign-in with the provider helps, again and again until there is one', async () => {
    const { server, text, identity } = await given({ expiresAt: 1 })
    const lapsed = { status: 409, body: { error: 'connection_lapsed' } }
    // The stand-in knows nothing of this refresh token.
    for (let times = 0; times < 2; times += 1)
      expect(await get(server, at('corp'), bearer(text))).toMatchObject(lapsed)
    const told = server.events.map(({ event, reason }) => [event, reason])
    expect(told).toContainEqual(['connection.lapsed', 'refresh_refused'])
    await server.deps.connections.keep(identity.id, 'corp', tokensOf())
    expect((await get(server, at('corp'), bearer(text))).status).toBe(200)
    expect(server.faults).toEqual([])
  })

  it('says 503 with Retry-After where the provider is silent, 502 where its answer is of no use', async () => {
    const { server, text } = await given({ expiresAt: 1 })
    onTestFinished(() => provider.misbehave(null))
    provider.misbehave('discovery-dropped')
    const silent = await get(server, at('corp'), bearer(text))
    expect([silent.status, silent.body.error]).toEqual([503, 'upstream_unavailable'])
    expect(Number(silent.headers.get('retry-after'))).toBeGreaterThan(0)
    provider.misbehave('discovery-other-issuer')
    const useless = await get(server, at('corp'), bearer(text))
    expect([useless.status, useless.body.error]).toEqual([502, 'upstream_failed'])
    expect(useless.headers.get('retry-after')).not.toBeNull()
    expect(server.faults).toEqual([])
  })

  it('is open to scripts of a client’s own origins, errors included', async () => {
    const { server, text } = await given()
    const origin = 'https://spa.example'
    await confidential(server, { cors_origins: [origin] })
    for (const authorization of [`Bearer ${text}`, 'Bearer x']) {
      const { headers } = await get(server, at('corp'), { authorization, origin })
      expect(headers.get('access-control-allow-origin')).toBe(origin)
    }
    const stranger = await get(server, at('corp'), { ...bearer(text), origin: 'https://evil.example' })
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull()
    const preflight = { origin, 'access-control-request-method': 'GET' }
    const { status, headers } = await get(server, at('corp'), preflight, 'OPTIONS')
    expect([status, headers.get('access-control-allow-headers')]).toEqual([
      204,
      'Authorization, Content-Type',
    ])
  })
})
