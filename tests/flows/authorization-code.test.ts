import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { answerOf, callbackUri, walk } from '../support/flow.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  type TestUser,
} from '../support/server.ts'
import { readAccessToken, readIdToken } from '../support/tokens.ts'

describe.each(databases)('the authorization code flow with openid-client on %s', (database) => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database })
    ;[user, app] = await Promise.all([
      server.createUser({
        name: 'Ada Lovelace',
        emailVerified: true,
        claims: {
          given_name: 'Ada',
          family_name: 'Lovelace',
          locale: 'en-GB',
          phone_number: '+44 20 7946 0000',
        },
      }),
      server.createClient({ redirect_uris: [callbackUri], client_name: 'Orders' }),
    ])
  })
  afterAll(() => server.stop())

  const discover = async (client: RegisteredClient) => {
    const config = await openid.discovery(
      new URL(server.issuer),
      client.client_id,
      undefined,
      openid.ClientSecretBasic(String(client.client_secret)),
      { execute: [openid.allowInsecureRequests] },
    )
    openid.enableNonRepudiationChecks(config)
    return config
  }

  const signInWith = async (config: openid.Configuration, extra: Record<string, string> = {}) => {
    const agent = createAgent()
    const pkceCodeVerifier = openid.randomPKCECodeVerifier()
    const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()]
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: callbackUri,
      scope: 'openid profile email offline_access',
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
      ...extra,
    })
    const callback = answerOf(agent, await walk(agent, await agent.open(url.href), user))
    const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
    const tokens = await openid.authorizationCodeGrant(config, callback, checks)
    return { tokens, expectedNonce, agent, callback }
  }

  it('signs a person in: tokens that jose verifies, iss in the answer (RFC 6749 §4.1, RFC 9207)', async () => {
    const { tokens, expectedNonce, callback } = await signInWith(await discover(app))
    expect(callback.searchParams.get('iss')).toBe(server.issuer)
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 600, refresh_token: expect.any(String) })
    expect(tokens.scope?.split(' ').sort()).toEqual(['email', 'offline_access', 'openid', 'profile'])

    const access = await readAccessToken(server, tokens.access_token, server.issuer)
    expect(access.header.alg).toBe('ES256')
    expect(access.claims).toMatchObject({
      sub: user.sub,
      client_id: app.client_id,
      acr: 'aal1',
      amr: ['pwd'],
    })
    expect(access.claims).not.toHaveProperty('email')

    const id = await readIdToken(server, tokens, app.client_id)
    expect(id.header.alg).toBe('RS256')
    expect(id.claims).toMatchObject({
      sub: user.sub,
      nonce: expectedNonce,
      acr: 'aal1',
      amr: ['pwd'],
      sid: access.claims.sid,
      auth_time: access.claims.auth_time,
    })
  })

  it('answers userinfo with the claims of the granted scopes, and no others (OIDC Core §5.3, §5.4)', async () => {
    const config = await discover(app)
    const { tokens } = await signInWith(config)
    const claims = await openid.fetchUserInfo(config, tokens.access_token, user.sub)
    expect(claims).toMatchObject({
      sub: user.sub,
      email: user.email,
      email_verified: true,
      name: 'Ada Lovelace',
      given_name: 'Ada',
      family_name: 'Lovelace',
      locale: 'en-GB',
    })
    expect(claims).not.toHaveProperty('phone_number')
  })

  it('refreshes: a new pair, no nonce, the old auth_time (OIDC Core §12.2)', async () => {
    const config = await discover(app)
    const { tokens } = await signInWith(config)
    const before = await readIdToken(server, tokens, app.client_id)
    const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(renewed.refresh_token).not.toBe(tokens.refresh_token)
    expect(renewed.access_token).not.toBe(tokens.access_token)
    const { claims } = await readIdToken(server, renewed, app.client_id)
    expect(claims).not.toHaveProperty('nonce')
    expect(claims).toMatchObject({
      sub: user.sub,
      auth_time: before.claims.auth_time,
      sid: before.claims.sid,
    })
  })

  it('narrows the scope of one refresh, never widens it (RFC 6749 §6)', async () => {
    const config = await discover(app)
    const { tokens } = await signInWith(config, { scope: 'openid email offline_access' })
    const narrowed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '', { scope: 'openid' })
    expect(narrowed.scope).toBe('openid')
    const wider = await openid.refreshTokenGrant(config, narrowed.refresh_token ?? '', {
      scope: 'openid profile',
    })
    expect(wider.scope).toBe('openid')
    const foreign = openid.refreshTokenGrant(config, wider.refresh_token ?? '', { scope: 'profile phone' })
    await expect(foreign).rejects.toMatchObject({ error: 'invalid_scope' })
    const whole = await openid.refreshTokenGrant(config, wider.refresh_token ?? '')
    expect(whole.scope?.split(' ').sort()).toEqual(['email', 'offline_access', 'openid'])
  })

  it('introspects and revokes the client’s own tokens (RFC 7662, RFC 7009)', async () => {
    const config = await discover(app)
    const { tokens } = await signInWith(config)
    const refreshToken = tokens.refresh_token ?? ''
    expect(await openid.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      sub: user.sub,
      client_id: app.client_id,
      token_type: 'Bearer',
      iss: server.issuer,
    })
    expect(await openid.tokenIntrospection(config, refreshToken)).toMatchObject({
      active: true,
      sub: user.sub,
    })
    await openid.tokenRevocation(config, refreshToken)
    expect(await openid.tokenIntrospection(config, refreshToken)).toEqual({ active: false })
    expect(await openid.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false })
    await expect(openid.fetchUserInfo(config, tokens.access_token, user.sub)).rejects.toThrow()
  })

  it('signs ID tokens with the algorithm the client registered (OIDC Registration §2)', async () => {
    for (const alg of ['ES256', 'EdDSA'] as const) {
      const client = await server.createClient({
        redirect_uris: [callbackUri],
        trusted: true,
        id_token_signed_response_alg: alg,
      })
      const config = await openid.discovery(
        new URL(server.issuer),
        client.client_id,
        { id_token_signed_response_alg: alg },
        openid.ClientSecretBasic(String(client.client_secret)),
        { execute: [openid.allowInsecureRequests] },
      )
      openid.enableNonRepudiationChecks(config)
      const { tokens } = await signInWith(config)
      expect((await readIdToken(server, tokens, client.client_id)).header.alg).toBe(alg)
    }
  })

  it('answers claims asked for by name in userinfo and ID token (OIDC Core §5.5)', async () => {
    const config = await discover(app)
    const claims = JSON.stringify({
      userinfo: { phone_number: null },
      id_token: { email: { essential: true } },
    })
    const { tokens } = await signInWith(config, { scope: 'openid', claims })
    const info = await openid.fetchUserInfo(config, tokens.access_token, user.sub)
    expect(info.phone_number).toBe('+44 20 7946 0000')
    expect((await readIdToken(server, tokens, app.client_id)).claims.email).toBe(user.email)
  })

  it('asks consent once for a scope and remembers it', async () => {
    const config = await discover(app)
    const { agent } = await signInWith(config)
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: callbackUri,
      scope: 'openid email',
      code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
      state: 'again',
    })
    expect(answerOf(agent, await agent.open(url.href)).searchParams.get('code')).toEqual(expect.any(String))
  })
})
