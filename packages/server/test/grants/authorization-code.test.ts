import { tokenHash } from '@doorward/core/crypto'
import { leftHalfHash } from '@doorward/core/jwt'
import { describe, expect, it } from 'vitest'
import { CALLBACK, ISSUER, startServer } from '../endpoints/support/server.ts'
import {
  claimsOf,
  confidential,
  firstTokens,
  headerOf,
  isActive,
  issueCode,
  redeem,
  signedIn,
  textsOf,
  token,
  VERIFIER,
} from '../endpoints/support/token.ts'

const orders = 'https://orders.example'
const stock = 'https://stock.example'

async function withResources() {
  const server = await startServer()
  await server.resources.create({ uri: orders, scopes: ['orders:read'], claims: ['email', 'name'] })
  await server.resources.create({
    uri: stock,
    scopes: ['stock:read'],
    accessTokenLifetime: 60,
    signingAlg: 'EdDSA',
  })
  return server
}

describe('redeeming a code, RFC 6749 §4.1.3', () => {
  it('answers access, refresh and ID token, kept from caches (§5.1)', async () => {
    const server = await startServer()
    const client = await confidential(server)
    const session = await signedIn(server)
    const answer = await redeem(server, client, await issueCode(server, client, session, { nonce: 'n-0' }))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'openid' })
    const { accessToken, refreshToken, idToken } = textsOf(answer.body)
    expect(refreshToken).toMatch(/^[0-9a-f]{8}\d{3}[\w-]{43}$/)
    const now = server.deps.clock()
    expect(headerOf(accessToken)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' })
    expect(claimsOf(accessToken)).toEqual({
      iss: ISSUER,
      sub: session.userId,
      aud: ISSUER,
      client_id: client.id,
      iat: now,
      exp: now + 600,
      jti: expect.stringMatching(/^[0-9a-f]{8}\d{3}[\w-]{12}\.[\w-]{12}$/),
      scope: 'openid',
      sid: session.sid,
      auth_time: session.authTime,
      acr: 'aal1',
      amr: ['pwd'],
    })
    expect(headerOf(idToken)).toMatchObject({ alg: 'RS256' })
    expect(claimsOf(idToken)).toEqual({
      iss: ISSUER,
      sub: session.userId,
      aud: client.id,
      iat: now,
      exp: now + 600,
      nonce: 'n-0',
      sid: session.sid,
      auth_time: session.authTime,
      acr: 'aal1',
      amr: ['pwd'],
      at_hash: leftHalfHash('RS256', accessToken),
    })
    expect(server.events).toContainEqual(
      expect.objectContaining({ event: 'token.issued', clientId: client.id, userId: session.userId }),
    )
  })

  it('mints the family that the code names', async () => {
    const server = await startServer()
    const client = await confidential(server)
    const code = await issueCode(server, client, await signedIn(server))
    const named = (await server.deps.storage.codes.find(tokenHash(code), server.deps.clock()))?.code.familyId
    const { accessToken } = textsOf((await redeem(server, client, code)).body)
    expect(String(claimsOf(accessToken).jti).split('.')[0]).toBe(named)
  })

  it('signs the ID token as the client registered, and adds the claims it asked for', async () => {
    const server = await startServer()
    const client = await confidential(server, { id_token_signed_response_alg: 'EdDSA' })
    const session = await signedIn(server, 'ada@example.com')
    const code = await issueCode(server, client, session, {
      grant: { claims: { userinfo: [], idToken: ['email', 'website'] } },
    })
    const { idToken } = textsOf((await redeem(server, client, code)).body)
    expect(headerOf(idToken).alg).toBe('EdDSA')
    expect(claimsOf(idToken)).toMatchObject({ email: 'ada@example.com' })
    expect(claimsOf(idToken)).not.toHaveProperty('website')
    expect(claimsOf(idToken)).not.toHaveProperty('nonce')
  })

  it('gives no ID token without openid, and no refresh token without its grant', async () => {
    const server = await startServer()
    const client = await confidential(server, { grant_types: ['authorization_code'], scope: 'openid plain' })
    const session = await signedIn(server)
    const code = await issueCode(server, client, session, { grant: { scopes: ['plain'] } })
    const { body } = await redeem(server, client, code)
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'plain',
    })
    expect(await isActive(server, client, textsOf(body).accessToken)).toBe(true)
  })

  it('is for exactly one resource: the first granted, or the one named (RFC 8707 §2.2)', async () => {
    const server = await withResources()
    const client = await confidential(server, { scope: 'openid orders:read stock:read' })
    const session = await signedIn(server, 'ada@example.com')
    const grant = { scopes: ['openid', 'orders:read', 'stock:read'], resources: [orders, stock] }
    const first = await redeem(server, client, await issueCode(server, client, session, { grant }))
    expect(first.body).toMatchObject({ scope: 'openid orders:read', expires_in: 600 })
    expect(claimsOf(textsOf(first.body).accessToken)).toMatchObject({
      aud: orders,
      email: 'ada@example.com',
      name: 'Ada Lovelace',
    })
    const second = await redeem(server, client, await issueCode(server, client, session, { grant }), {
      resource: stock,
    })
    expect(second.body).toMatchObject({ scope: 'openid stock:read', expires_in: 60 })
    const { accessToken } = textsOf(second.body)
    expect(headerOf(accessToken).alg).toBe('EdDSA')
    expect(claimsOf(accessToken).aud).toBe(stock)
    expect(claimsOf(accessToken)).not.toHaveProperty('email')
  })

  it('carries the roles of the person, and what they allow at the audience', async () => {
    const server = await withResources()
    const client = await confidential(server, { scope: 'openid orders:read' })
    const session = await signedIn(server)
    await server.roles.create('clerk')
    await server.roles.allow('clerk', { resource: orders, permission: 'orders:read' })
    await server.roles.grant('clerk', { user: session.userId })
    const issue = async (resource: string) => {
      const grant = { scopes: ['openid'], resources: [resource] }
      const { body } = await redeem(server, client, await issueCode(server, client, session, { grant }))
      return claimsOf(textsOf(body).accessToken)
    }
    expect(await issue(orders)).toMatchObject({ roles: ['clerk'], permissions: ['orders:read'] })
    expect(await issue(stock)).toMatchObject({ roles: ['clerk'] })
    expect(await issue(stock)).not.toHaveProperty('permissions')
  })

  it('refuses a resource that was not granted, and two of them; the code stays good', async () => {
    const server = await withResources()
    const client = await confidential(server)
    const code = await issueCode(server, client, await signedIn(server))
    const other = await redeem(server, client, code, { resource: orders })
    expect([other.status, other.body.error]).toEqual([400, 'invalid_target'])
    const form = [
      ['grant_type', 'authorization_code'],
      ['code', code],
      ['resource', orders],
      ['resource', stock],
    ] as const
    expect((await token(server, client, form)).body.error).toBe('invalid_target')
    expect((await redeem(server, client, code)).status).toBe(200)
  })
})

describe('a code that is not right', () => {
  it.each([
    ['an unknown code', { code: 'x'.repeat(43) }, 'code_unknown'],
    ['a wrong verifier, RFC 7636 §4.6', { code_verifier: 'w'.repeat(43) }, 'pkce_mismatch'],
    ['no verifier', { code_verifier: '' }, 'pkce_verifier_missing'],
    ['another redirect_uri', { redirect_uri: `${CALLBACK}/` }, 'redirect_uri_changed'],
  ])('is refused for %s, and the right client loses nothing', async (_case, wrong, reason) => {
    const server = await startServer()
    const client = await confidential(server)
    const code = await issueCode(server, client, await signedIn(server))
    const refused = await redeem(server, client, code, wrong)
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant', reason } })
    expect(refused.headers.get('cache-control')).toBe('no-store')
    expect(server.events).toContainEqual(
      expect.objectContaining({ event: 'token.refused', reason, clientId: client.id }),
    )
    expect((await redeem(server, client, code)).status).toBe(200)
  })

  it('is refused to another client, RFC 6749 §5.2', async () => {
    const server = await startServer()
    const [owner, thief] = [await confidential(server), await confidential(server)]
    const code = await issueCode(server, owner, await signedIn(server))
    expect((await redeem(server, thief, code)).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'code_of_other_client',
    })
    expect((await redeem(server, owner, code)).status).toBe(200)
  })

  it('is refused after 60 seconds, and after the session, its person or its client ended', async () => {
    const server = await startServer()
    const client = await confidential(server)
    const session = await signedIn(server)
    const late = await issueCode(server, client, session)
    server.wait(60)
    expect((await redeem(server, client, late)).body.reason).toBe('code_expired')
    const orphan = await issueCode(server, client, session)
    await server.deps.storage.sessions.end(session.sid, server.deps.clock())
    expect((await redeem(server, client, orphan)).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'session_ended',
    })
    const other = await signedIn(server)
    const disabled = await issueCode(server, client, other)
    await server.deps.storage.users.disable(other.userId, server.deps.clock())
    expect((await redeem(server, client, disabled)).body.error).toBe('invalid_grant')
  })

  it('without redirect_uri is right where PKCE ties it, OAuth 2.1 §10.2', async () => {
    const server = await startServer()
    const client = await confidential(server)
    const code = await issueCode(server, client, await signedIn(server))
    const form = { grant_type: 'authorization_code', code, code_verifier: VERIFIER }
    expect((await token(server, client, form)).status).toBe(200)
  })
})

describe('a code that comes twice, RFC 6749 §4.1.2', () => {
  it('is refused, and what its first use minted is revoked', async () => {
    const server = await startServer()
    const client = await confidential(server)
    const code = await issueCode(server, client, await signedIn(server), {
      grant: { scopes: ['openid', 'offline_access'] },
    })
    const { accessToken, refreshToken } = textsOf((await redeem(server, client, code)).body)
    expect(await isActive(server, client, accessToken)).toBe(true)
    const replay = await redeem(server, client, code)
    expect(replay).toMatchObject({ status: 400, body: { error: 'invalid_grant', reason: 'code_replayed' } })
    expect(await isActive(server, client, accessToken)).toBe(false)
    expect(await isActive(server, client, refreshToken)).toBe(false)
    expect(server.events).toContainEqual(
      expect.objectContaining({
        event: 'code.replayed',
        familyId: claimsOf(accessToken).jti?.toString().split('.')[0],
      }),
    )
  })

  it('revokes nothing where the second has no verifier: it cannot end a session by a found code', async () => {
    const server = await startServer()
    const client = await confidential(server)
    const code = await issueCode(server, client, await signedIn(server))
    const { accessToken } = textsOf((await redeem(server, client, code)).body)
    await redeem(server, client, code, { code_verifier: 'w'.repeat(43) })
    expect(await isActive(server, client, accessToken)).toBe(true)
  })

  it('at the same moment has one winner, whose tokens then end', async () => {
    const server = await startServer()
    const client = await confidential(server)
    const code = await issueCode(server, client, await signedIn(server))
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(server, client, code)))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect(answers.filter(({ body }) => body.reason === 'code_replayed')).toHaveLength(49)
    expect(await isActive(server, client, textsOf(won[0]?.body ?? {}).accessToken)).toBe(false)
  })
})

it('the first answer already is durable: its refresh token is in the database', async () => {
  const server = await startServer()
  const { client, refreshToken } = await firstTokens(server)
  expect(await isActive(server, client, refreshToken)).toBe(true)
})
