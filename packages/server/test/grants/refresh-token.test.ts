import { tokenHash } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../endpoints/support/server.ts'
import {
  claimsOf,
  confidential,
  firstTokens,
  isActive,
  refresh,
  textsOf,
} from '../endpoints/support/token.ts'

const offline = { grant: { scopes: ['openid', 'profile', 'offline_access'] } }
const orders = 'https://orders.example'
const stock = 'https://stock.example'

const refreshed = async (...parameters: Parameters<typeof refresh>) => {
  const { status, body } = await refresh(...parameters)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return { body, ...textsOf(body) }
}

describe('a refresh, RFC 6749 §6', () => {
  it('rotates the token and issues a fresh access and ID token', async () => {
    const server = await startServer()
    const first = await firstTokens(server, { ...offline, nonce: 'n-0' })
    server.wait(100)
    const next = await refreshed(server, first.client, first.refreshToken)
    expect(next.body).toMatchObject({ token_type: 'Bearer', scope: 'openid profile offline_access' })
    expect(next.refreshToken).not.toBe(first.refreshToken)
    expect(claimsOf(next.accessToken)).toMatchObject({
      sub: first.session.userId,
      sid: first.session.sid,
      iat: server.deps.clock(),
    })
    expect(await isActive(server, first.client, first.refreshToken)).toBe(false)
    expect(await isActive(server, first.client, next.refreshToken)).toBe(true)
  })

  it('leaves the nonce out of the ID token and keeps auth_time, OpenID Connect Core §12.2', async () => {
    const server = await startServer()
    const first = await firstTokens(server, { nonce: 'n-0' })
    server.wait(100)
    const { idToken } = await refreshed(server, first.client, first.refreshToken)
    expect(claimsOf(first.idToken)).toHaveProperty('nonce', 'n-0')
    expect(claimsOf(idToken)).not.toHaveProperty('nonce')
    expect(claimsOf(idToken)).toMatchObject({
      sub: first.session.userId,
      auth_time: first.session.authTime,
      iat: server.deps.clock(),
    })
  })

  it('can narrow the scope of its access token, never widen what was granted', async () => {
    const server = await startServer()
    const { client, refreshToken } = await firstTokens(server, offline)
    const narrow = await refreshed(server, client, refreshToken, { scope: 'profile' })
    expect(narrow.body.scope).toBe('profile')
    expect(narrow.body).not.toHaveProperty('id_token')
    const again = await refreshed(server, client, narrow.refreshToken, { scope: 'openid email plain' })
    expect(again.body.scope).toBe('openid')
    const refused = await refresh(server, client, again.refreshToken, { scope: 'email' })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    expect((await refreshed(server, client, again.refreshToken)).body.scope).toBe(
      'openid profile offline_access',
    )
  })

  it('is for one of the granted resources', async () => {
    const server = await startServer()
    await server.resources.create({ uri: orders, scopes: ['orders:read'] })
    await server.resources.create({ uri: stock, scopes: ['stock:read'] })
    const grant = { scopes: ['openid', 'orders:read', 'stock:read'], resources: [orders, stock] }
    const { client, refreshToken } = await firstTokens(server, { grant })
    const next = await refreshed(server, client, refreshToken, { resource: stock })
    expect(claimsOf(next.accessToken)).toMatchObject({ aud: stock, scope: 'openid stock:read' })
    const refused = await refresh(server, client, next.refreshToken, { resource: 'https://else.example' })
    expect(refused.body).toMatchObject({ error: 'invalid_target', reason: 'resource_not_granted' })
    await server.resources.delete(stock)
    const gone = await refresh(server, client, next.refreshToken, { resource: stock })
    expect(gone.body).toMatchObject({ error: 'invalid_target', reason: 'resource_unknown' })
  })

  it.each([
    ['unknown', async () => 'x'.repeat(43), 'refresh_token_unknown'],
    [
      'idle for 30 days',
      async (server: TestServer, token: string) => {
        server.wait(30 * 86_400)
        return token
      },
      'refresh_token_expired',
    ],
  ])('with a token that is %s is invalid_grant', async (_case, spoil, reason) => {
    const server = await startServer()
    const { client, refreshToken } = await firstTokens(server, offline)
    const answer = await refresh(server, client, await spoil(server, refreshToken))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant', reason } })
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it("with another client's token is refused, and its owner loses nothing", async () => {
    const server = await startServer()
    const { client, refreshToken } = await firstTokens(server)
    const thief = await confidential(server)
    expect((await refresh(server, thief, refreshToken)).body.reason).toBe('refresh_token_of_other_client')
    const { refreshToken: next } = await refreshed(server, client, refreshToken)
    expect((await refresh(server, thief, refreshToken)).body.error).toBe('invalid_grant')
    expect(await isActive(server, client, next)).toBe(true)
  })
})

describe('a family without offline_access', () => {
  it('ends with its session', async () => {
    const server = await startServer()
    const { client, session, refreshToken } = await firstTokens(server)
    await server.deps.storage.sessions.end(session.sid, server.deps.clock())
    expect((await refresh(server, client, refreshToken)).body.error).toBe('invalid_grant')
  })

  it('keeps its session alive by refreshing: that is activity', async () => {
    const server = await startServer()
    const { client, session, refreshToken } = await firstTokens(server)
    let token = refreshToken
    for (let round = 0; round < 3; round += 1) {
      server.wait(8 * 3_600)
      token = (await refreshed(server, client, token)).refreshToken
    }
    const presented = await server.deps.storage.refreshTokens.find(tokenHash(token), server.deps.clock())
    expect(presented?.session?.sid).toBe(session.sid)
    server.wait(14 * 86_400)
    expect((await refresh(server, client, token)).body.error).toBe('invalid_grant')
  })
})

describe('a family with offline_access', () => {
  it('goes on without its session, and then names none', async () => {
    const server = await startServer()
    const { client, session, accessToken, refreshToken } = await firstTokens(server, offline)
    await server.deps.storage.sessions.end(session.sid, server.deps.clock())
    expect(await isActive(server, client, accessToken)).toBe(false)
    const next = await refreshed(server, client, refreshToken)
    expect(claimsOf(next.accessToken)).not.toHaveProperty('sid')
    expect(claimsOf(next.idToken)).not.toHaveProperty('sid')
    expect(await isActive(server, client, next.accessToken)).toBe(true)
  })

  it('ends when its person is disabled', async () => {
    const server = await startServer()
    const { client, session, refreshToken } = await firstTokens(server, offline)
    await server.deps.storage.users.disable(session.userId, server.deps.clock())
    expect((await refresh(server, client, refreshToken)).body.error).toBe('invalid_grant')
  })
})

describe('the grace of a rotation, RFC 9700 §4.14.2', () => {
  it('answers fifty parallel refreshes 200, all with one refresh token', async () => {
    const server = await startServer()
    const { client, refreshToken } = await firstTokens(server, offline)
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(server, client, refreshToken)))
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200))
    const tokens = answers.map(({ body }) => textsOf(body))
    const next = new Set(tokens.map((each) => each.refreshToken))
    expect(next.size).toBe(1)
    expect(new Set(tokens.map((each) => each.accessToken)).size).toBe(50)
    for (const { accessToken } of tokens) expect(await isActive(server, client, accessToken)).toBe(true)
    expect((await refresh(server, client, [...next][0] ?? '')).status).toBe(200)
    expect(server.story()).not.toContain('refresh.reused')
  })

  it('leads to the live end of the chain, however long it has grown', async () => {
    const server = await startServer()
    const { client, refreshToken } = await firstTokens(server, offline)
    let newest = refreshToken
    const chain = [refreshToken]
    for (let step = 0; step < 5; step += 1) {
      server.wait(5)
      newest = (await refreshed(server, client, newest)).refreshToken
      chain.push(newest)
    }
    for (const old of chain.slice(0, -1)) {
      expect((await refreshed(server, client, old)).refreshToken).toBe(newest)
    }
    expect(await isActive(server, client, newest)).toBe(true)
  })

  it("counts from the token's own first rotation, not from the last repetition", async () => {
    const server = await startServer()
    const { client, refreshToken } = await firstTokens(server, offline)
    await refreshed(server, client, refreshToken)
    server.wait(30)
    await refreshed(server, client, refreshToken)
    server.wait(1)
    expect((await refresh(server, client, refreshToken)).body.reason).toBe('refresh_token_reused')
  })

  it('gives the narrower of the two scopes', async () => {
    const server = await startServer()
    const { client, refreshToken } = await firstTokens(server, offline)
    await refreshed(server, client, refreshToken, { scope: 'openid' })
    const repeated = await refreshed(server, client, refreshToken, { scope: 'openid profile' })
    expect(repeated.body.scope).toBe('openid')
    expect((await refreshed(server, client, refreshToken)).body.scope).toBe('openid')
    const other = await refresh(server, client, refreshToken, { scope: 'profile' })
    expect(other.body).toMatchObject({ error: 'invalid_scope', reason: 'scope_rotated_otherwise' })
  })

  it('is off at 0: the second use ends the family', async () => {
    const server = await startServer({ refresh: { graceSeconds: 0 } })
    const { client, refreshToken } = await firstTokens(server, offline)
    const next = await refreshed(server, client, refreshToken)
    expect((await refresh(server, client, refreshToken)).body.reason).toBe('refresh_token_reused')
    expect(await isActive(server, client, next.refreshToken)).toBe(false)
  })

  it.each([
    [
      'its family is revoked',
      (server: TestServer, family: string) =>
        server.deps.storage.families.revoke(family, server.deps.clock()),
    ],
    [
      'its session has ended',
      (server: TestServer, _family: string, sid: string) =>
        server.deps.storage.sessions.end(sid, server.deps.clock()),
    ],
    [
      'its person is disabled',
      (server: TestServer, _family: string, _sid: string, user: string) =>
        server.deps.storage.users.disable(user, server.deps.clock()),
    ],
  ])('opens nothing once %s', async (_case, end) => {
    const server = await startServer()
    const { client, session, accessToken, refreshToken } = await firstTokens(server)
    await refreshed(server, client, refreshToken)
    const family = String(claimsOf(accessToken).jti).split('.')[0] ?? ''
    await end(server, family, session.sid, session.userId)
    expect((await refresh(server, client, refreshToken)).body.error).toBe('invalid_grant')
  })

  it('opens nothing to another client', async () => {
    const server = await startServer()
    const { client, refreshToken } = await firstTokens(server)
    await refreshed(server, client, refreshToken)
    const thief = await confidential(server)
    expect((await refresh(server, thief, refreshToken)).body.error).toBe('invalid_grant')
  })

  it('is sealed: the database alone opens no successor', async () => {
    const server = await startServer()
    const { client, refreshToken } = await firstTokens(server)
    const next = await refreshed(server, client, refreshToken)
    const stored = await server.deps.storage.refreshTokens.find(tokenHash(refreshToken), server.deps.clock())
    const sealed = stored?.token.successor?.sealed ?? ''
    expect(sealed).toMatch(/^[\w-]{94}$/)
    expect(Buffer.from(sealed.slice(22), 'base64url').toString('latin1')).not.toContain(
      next.refreshToken.slice(0, 4),
    )
    expect(JSON.stringify(stored)).not.toContain(next.refreshToken)
    expect(JSON.stringify(stored)).not.toContain(refreshToken)
  })
})

describe('a reuse after the grace', () => {
  it('ends the family, goes on record, and nothing of it works any more', async () => {
    const server = await startServer()
    const { client, session, accessToken, refreshToken } = await firstTokens(server, offline)
    const next = await refreshed(server, client, refreshToken)
    server.wait(31)
    const reuse = await refresh(server, client, refreshToken)
    expect(reuse).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', reason: 'refresh_token_reused' },
    })
    expect(server.events).toContainEqual(
      expect.objectContaining({
        event: 'refresh.reused',
        reason: 'refresh_token_reused',
        clientId: client.id,
        userId: session.userId,
        familyId: String(claimsOf(accessToken).jti).split('.')[0],
      }),
    )
    for (const text of [accessToken, next.accessToken, next.refreshToken]) {
      expect(await isActive(server, client, text)).toBe(false)
    }
    expect((await refresh(server, client, next.refreshToken)).body.reason).toBe('refresh_token_revoked')
  })
})
