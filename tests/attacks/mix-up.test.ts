import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { answerOf, callbackUri, walk } from '../support/flow.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'

describe('mix-up of two authorization servers, RFC 9700 §4.4, RFC 9207', () => {
  let honest: Doorward
  let other: Doorward
  let user: TestUser
  let app: RegisteredClient
  let twin: RegisteredClient

  beforeAll(async () => {
    ;[honest, other] = await Promise.all([
      startDoorward({ database: 'sqlite' }),
      startDoorward({ database: 'sqlite' }),
    ])
    ;[user, app, twin] = await Promise.all([
      honest.createUser(),
      honest.createClient({ redirect_uris: [callbackUri], trusted: true }),
      other.createClient({ redirect_uris: [callbackUri], trusted: true }),
    ])
  })
  afterAll(() => Promise.all([honest.stop(), other.stop()]))

  const discover = (server: Doorward, client: RegisteredClient) =>
    openid.discovery(
      new URL(server.issuer),
      client.client_id,
      undefined,
      openid.ClientSecretBasic(String(client.client_secret)),
      { execute: [openid.allowInsecureRequests] },
    )

  const authorization = async (config: openid.Configuration, more: Record<string, string> = {}) => {
    const verifier = openid.randomPKCECodeVerifier()
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: callbackUri,
      scope: 'openid',
      state: 'same',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...more,
    })
    return { url, checks: { pkceCodeVerifier: verifier, expectedState: 'same' } }
  }

  const wrongIssuer = { cause: { message: expect.stringMatching(/"iss"/) } }

  it('every answer names its issuer, so a client that asked another one refuses it', async () => {
    const agent = createAgent()
    const [mine, theirs] = await Promise.all([discover(honest, app), discover(other, twin)])
    expect(mine.serverMetadata().authorization_response_iss_parameter_supported).toBe(true)
    const { url, checks } = await authorization(mine)
    const callback = answerOf(agent, await walk(agent, await agent.open(url.href), user))
    expect(callback.searchParams.get('iss')).toBe(honest.issuer)
    // The client believes that it asked the other server: its library must see through it by `iss` alone.
    await expect(openid.authorizationCodeGrant(theirs, callback, checks)).rejects.toMatchObject(wrongIssuer)
  })

  it('error answers name it too', async () => {
    const agent = createAgent()
    const { url, checks } = await authorization(await discover(honest, app), { prompt: 'none' })
    const callback = answerOf(agent, await agent.open(url.href))
    expect(callback.searchParams.get('error')).toBe('login_required')
    expect(callback.searchParams.get('iss')).toBe(honest.issuer)
    await expect(
      openid.authorizationCodeGrant(await discover(other, twin), callback, checks),
    ).rejects.toMatchObject(wrongIssuer)
  })

  it('a code of one server opens nothing at another', async () => {
    const agent = createAgent()
    const { url, checks } = await authorization(await discover(honest, app))
    const callback = answerOf(agent, await walk(agent, await agent.open(url.href), user))
    const forged = new URL(callback)
    forged.searchParams.set('iss', other.issuer)
    const theirs = await discover(other, twin)
    await expect(openid.authorizationCodeGrant(theirs, forged, checks)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('tokens of one issuer are nothing at another’s userinfo and introspection', async () => {
    const agent = createAgent()
    const mine = await discover(honest, app)
    const { url, checks } = await authorization(mine)
    const callback = answerOf(agent, await walk(agent, await agent.open(url.href), user))
    const tokens = await openid.authorizationCodeGrant(mine, callback, checks)
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    expect((await fetch(`${other.issuer}/oauth/userinfo`, { headers })).status).toBe(401)
    const theirs = await discover(other, twin)
    expect(await openid.tokenIntrospection(theirs, tokens.access_token)).toEqual({ active: false })
  })
})
