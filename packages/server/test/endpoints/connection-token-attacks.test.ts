import { tokenHash } from '@doorward/core/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OidcStandIn, startOidcProvider } from '../../../../tests/support/providers/oidc.ts'
import { accessToken, agree, at, bearer, connected, link, SCOPE } from './support/connections.ts'
import { PASSWORD } from './support/server.ts'
import { basic, confidential, get, post, signedIn, textsOf } from './support/token.ts'

describe('somebody’s account elsewhere is not to be had', () => {
  let provider: OidcStandIn
  beforeAll(async () => {
    provider = await startOidcProvider()
  })
  afterAll(() => provider.stop())
  const given = () => connected(provider)
  const path = at('corp')
  const dead = { status: 401, body: { error: 'invalid_token' } }

  it('by another person: each gets their own', async () => {
    const { server, client, text, tokens } = await given()
    const other = await signedIn(server)
    await agree(server, other.userId, client.id)
    const theirs = await link(server, other, provider)
    const theirText = await accessToken(server, client, other)
    expect((await get(server, path, bearer(text))).body.access_token).toBe(tokens.accessToken)
    expect((await get(server, path, bearer(theirText))).body.access_token).toBe(theirs.tokens.accessToken)
  })

  it('by a row that was copied to one’s own account in the database', async () => {
    const { server, client, identity } = await given()
    const thief = await signedIn(server)
    await agree(server, thief.userId, client.id)
    const own = await link(server, thief, provider)
    const row = await server.deps.storage.connections.find(identity.id)
    if (row === null) throw new Error('nothing was kept')
    await server.deps.storage.connections.put({ ...row, ref: own.identity.id })
    const text = await accessToken(server, client, thief)
    expect(await get(server, path, bearer(text))).toMatchObject({
      status: 409,
      body: { error: 'connection_lapsed' },
    })
  })

  it('on the consent that was given to another client', async () => {
    const { server, session } = await given()
    const other = await confidential(server, { scope: `openid ${SCOPE}` })
    const text = await accessToken(server, other, session)
    expect(await get(server, path, bearer(text))).toMatchObject({
      status: 403,
      body: { reason: 'connection_not_allowed' },
    })
  })

  it('with a token that was revoked, or whose session, person or client is gone', async () => {
    const ends = [
      ({ server, client, text }: Awaited<ReturnType<typeof given>>) =>
        post(server, '/oauth/revoke', { token: text }, basic(client)),
      ({ server, session }: Awaited<ReturnType<typeof given>>) =>
        server.deps.storage.sessions.end(session.sid, server.deps.clock()),
      ({ server, session }: Awaited<ReturnType<typeof given>>) => server.users.disable(session.userId),
      ({ server, session }: Awaited<ReturnType<typeof given>>) => server.users.delete(session.userId),
      ({ server, client }: Awaited<ReturnType<typeof given>>) => server.clients.delete(client.id),
    ]
    for (const end of ends) {
      const all = await given()
      expect((await get(all.server, path, bearer(all.text))).status).toBe(200)
      await end(all)
      expect(await get(all.server, path, bearer(all.text))).toMatchObject(dead)
    }
  })

  it('with an ID token, a refresh token, or a token in the query or a form', async () => {
    const { server, text } = await given()
    expect((await get(server, `${path}?access_token=${text}`)).status).toBe(401)
    expect((await post(server, path, { access_token: text })).status).toBe(405)
    expect(await get(server, path, bearer('eyJhbGciOiJub25lIn0.e30.'))).toMatchObject(dead)
  })

  it('by first-party sign-in, which asks nobody, though the person allowed it before', async () => {
    const { server, session } = await given()
    const app = await confidential(server, { first_party: true, scope: `openid ${SCOPE}` })
    await agree(server, session.userId, app.id)
    const user = await server.deps.storage.users.findById(session.userId)
    const form = {
      email: user?.email ?? '',
      password: PASSWORD,
      scope: `openid ${SCOPE}`,
      code_challenge: 'c'.repeat(43),
      code_challenge_method: 'S256',
    }
    const { body } = await post(server, '/oauth/authorize-challenge', form, basic(app))
    const code = String(body.authorization_code)
    const kept = await server.deps.storage.codes.find(tokenHash(code), server.deps.clock())
    expect(kept?.code.grant.scopes).toEqual(['openid'])
    const only = await post(server, '/oauth/authorize-challenge', { ...form, scope: SCOPE }, basic(app))
    expect(only.body.error).toBe('invalid_scope')
    expect(textsOf(body).accessToken).toBe('')
  })
})
