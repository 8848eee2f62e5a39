import { describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './support/server.ts'
import {
  type Answer,
  basic,
  type Credentials,
  claimsOf,
  confidential,
  firstTokens,
  isActive,
  post,
  refresh,
  textsOf,
} from './support/token.ts'

const revoke = (server: TestServer, client: Credentials, token: string, more = {}): Promise<Answer> =>
  post(server, '/oauth/revoke', { token, ...more }, basic(client))

const expectDone = ({ status, headers, body }: Answer): void => {
  expect([status, headers.get('content-type'), body]).toEqual([200, null, {}])
}

describe('revocation, RFC 7009 §2', () => {
  it('of a refresh token ends its whole family', async () => {
    const server = await startServer()
    const { client, session, accessToken, refreshToken } = await firstTokens(server)
    expectDone(await revoke(server, client, refreshToken))
    expect(await isActive(server, client, accessToken)).toBe(false)
    expect((await refresh(server, client, refreshToken)).body.error).toBe('invalid_grant')
    expect(server.events).toContainEqual(
      expect.objectContaining({
        event: 'token.revoked',
        clientId: client.id,
        userId: session.userId,
        familyId: String(claimsOf(accessToken).jti).split('.')[0],
      }),
    )
  })

  it('of a rotated refresh token ends the family too', async () => {
    const server = await startServer()
    const { client, refreshToken } = await firstTokens(server)
    const next = textsOf((await refresh(server, client, refreshToken)).body)
    expectDone(await revoke(server, client, refreshToken))
    expect(await isActive(server, client, next.refreshToken)).toBe(false)
  })

  it('of an access token ends that one alone, whatever the hint says (§2.1)', async () => {
    const server = await startServer()
    const { client, accessToken, refreshToken } = await firstTokens(server)
    const next = textsOf((await refresh(server, client, refreshToken)).body)
    expectDone(await revoke(server, client, accessToken, { token_type_hint: 'refresh_token' }))
    expect(await isActive(server, client, accessToken)).toBe(false)
    expect(await isActive(server, client, next.accessToken)).toBe(true)
    expect(await isActive(server, client, next.refreshToken)).toBe(true)
  })

  it('of a token that nobody knows, or that has ended, is done (§2.2)', async () => {
    const server = await startServer()
    const { client, accessToken, refreshToken } = await firstTokens(server)
    for (const token of ['unknown', 'a.b.c', refreshToken, refreshToken]) {
      expectDone(await revoke(server, client, token))
    }
    server.wait(601)
    expectDone(await revoke(server, client, accessToken))
    expect(server.events.filter(({ event }) => event === 'token.revoked')).toHaveLength(1)
  })

  it("of another client's token is 400 invalid_grant, and changes nothing (§2.1)", async () => {
    const server = await startServer()
    const { client, accessToken, refreshToken } = await firstTokens(server)
    const stranger = await confidential(server)
    for (const token of [accessToken, refreshToken]) {
      expect(await revoke(server, stranger, token)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant', reason: 'token_of_other_client' },
      })
      expect(await isActive(server, client, token)).toBe(true)
    }
  })

  it('is open to a public client for its own tokens (§5)', async () => {
    const server = await startServer()
    const open = await confidential(server, {
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid',
    })
    const { client, accessToken } = await firstTokens(server)
    const form = { client_id: open.id, token: accessToken }
    expect((await post(server, '/oauth/revoke', form)).body.error).toBe('invalid_grant')
    const unknown = await post(server, '/oauth/revoke', { client_id: open.id, token: 'x' })
    expectDone(unknown)
    expect(await isActive(server, client, accessToken)).toBe(true)
  })

  it.each([
    ['no client', {}, false, 401],
    ['no token', {}, true, 400],
  ])('with %s is refused', async (_case, form, authenticated, status) => {
    const server = await startServer()
    const client = await confidential(server)
    const headers = authenticated ? basic(client) : {}
    expect((await post(server, '/oauth/revoke', form, headers)).status).toBe(status)
  })
})
