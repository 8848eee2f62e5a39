import { OAuthError } from '@doorward/core'
import { tokenHash } from '@doorward/core/crypto'
import { parseJwt } from '@doorward/core/jwt'
import { describe, expect, it } from 'vitest'
import { createSignIn, type SignInInput } from '../../src/grants/first-party.ts'
import { addClient, addUser } from '../endpoints/support/flow.ts'
import { PASSWORD, startServer } from '../endpoints/support/server.ts'

const API = 'https://api.example.com'

async function prepared(metadata: Record<string, unknown> = {}, limits = {}) {
  const server = await startServer({ limits })
  const userId = await addUser(server)
  await server.deps.storage.resources.insert({
    uri: API,
    name: null,
    scopes: ['read'],
    claims: ['email'],
    accessTokenLifetime: 3600,
    signingAlg: null,
    createdAt: 0,
  })
  const client = await addClient(server, {
    first_party: true,
    scope: 'openid offline_access read',
    ...metadata,
  })
  const signIn = createSignIn(server.deps)
  const attempt = (more: Partial<SignInInput> = {}) =>
    signIn({ email: 'ada@example.com', password: PASSWORD, client, ip: '192.0.2.1', ...more })
  return { server, userId, client, attempt }
}

/** The refusal of a promise. */
async function refusal(promise: Promise<unknown>): Promise<OAuthError> {
  const error = await promise.then(
    () => null,
    (cause: unknown) => cause,
  )
  if (error instanceof OAuthError) return error
  throw new Error(`no refusal: ${error}`)
}

describe('auth.signIn(), first-party sign-in in process', () => {
  it('answers a token response in wire names, RFC 6749 §5.1', async () => {
    const { server, userId, client, attempt } = await prepared()
    const tokens = await attempt({ scope: 'openid offline_access read', resource: API })
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid offline_access read',
      refresh_token: expect.any(String),
      id_token: expect.any(String),
    })
    const { claims } = parseJwt(String(tokens.access_token))
    expect(claims).toMatchObject({
      sub: userId,
      aud: API,
      client_id: client,
      email: 'ada@example.com',
      acr: 'aal1',
    })
    expect(server.story()).toEqual(['sign_in.succeeded', 'session.started', 'token.issued'])
    const { clock, storage } = server.deps
    const presented = await storage.refreshTokens.find(tokenHash(String(tokens.refresh_token)), clock())
    expect(presented?.session).toMatchObject({ sid: claims.sid, userId })
  })

  it('gives what the client may have, but offline_access, where no scope is named', async () => {
    const { attempt } = await prepared()
    expect((await attempt()).scope).toBe('openid')
    expect((await attempt({ resource: API })).scope).toBe('openid read')
  })

  it('gives no refresh token to a client without that grant', async () => {
    const { attempt } = await prepared({ grant_types: ['authorization_code'] })
    expect(await attempt()).not.toHaveProperty('refresh_token')
  })

  it('refuses wrong credentials with one text and stores nothing', async () => {
    const { server, attempt } = await prepared()
    const errors = [
      await refusal(attempt({ password: 'wrong wrong wrong' })),
      await refusal(attempt({ email: 'nobody@example.com' })),
    ]
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'access_denied', status: 400, description: errors[0]?.description })
    }
    expect(server.story()).toEqual(['sign_in.failed', 'sign_in.failed'])
  })

  it('shares the throttle: 429 with the wait', async () => {
    const { server, attempt } = await prepared({}, { signIn: { perAccountAndAddress: 1 } })
    await refusal(attempt({ password: 'wrong wrong wrong', ip: '::ffff:192.0.2.1' }))
    expect(await refusal(attempt())).toMatchObject({ status: 429, retryAfter: 600 })
    expect(server.story()).toEqual(['sign_in.failed', 'sign_in.throttled'])
    expect(await attempt({ ip: '192.0.2.2' })).toHaveProperty('access_token')
  })

  it.each([
    ['an unknown client', { client: 'nobody' }, 'unauthorized_client', 'client_unknown'],
    ['an unknown scope', { scope: 'unheard' }, 'invalid_scope', 'scope_empty'],
    ['an unreadable scope', { scope: '"' }, 'invalid_scope', 'scope_malformed'],
    ['an unknown resource', { resource: 'https://nobody.example' }, 'invalid_target', 'resource_unknown'],
  ])('refuses %s before the password is looked at, and records why', async (_, more, error, reason) => {
    const { server, client, attempt } = await prepared()
    expect(await refusal(attempt(more))).toMatchObject({ code: error, reason })
    expect(server.story()).toEqual(['token.refused'])
    const clientId = reason === 'client_unknown' ? null : client
    expect(server.events.at(-1)).toEqual({ event: 'token.refused', error, reason, clientId, ip: '192.0.2.1' })
  })

  it('is for first-party clients only', async () => {
    const { server, attempt } = await prepared({ first_party: false, trusted: true })
    const refused = { reason: 'first_party_only' }
    expect(await refusal(attempt())).toMatchObject({ code: 'unauthorized_client', ...refused })
    expect(server.events.at(-1)).toMatchObject({ event: 'token.refused', ...refused })
  })
})
