import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, createAgent } from '../support/agent.ts'
import { answerOf, callbackUri, walk } from '../support/flow.ts'
import { formsOf } from '../support/forms.ts'
import { type Doorward, databases, startDoorward, type TestUser } from '../support/server.ts'

describe.each(databases)('prompt, max_age and form_post as openid-client does them, on %s', (database) => {
  let server: Doorward
  let user: TestUser
  let config: openid.Configuration

  beforeAll(async () => {
    server = await startDoorward({ database })
    user = await server.createUser()
    const app = await server.createClient({ redirect_uris: [callbackUri], trusted: true })
    const secret = openid.ClientSecretBasic(String(app.client_secret))
    config = await openid.discovery(new URL(server.issuer), app.client_id, undefined, secret, {
      execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
    })
  })
  afterAll(() => server.stop())

  /** Opens an authorization; `finish` redeems what came back. */
  const begin = async (agent: Agent, parameters: Record<string, string>) => {
    const pkceCodeVerifier = openid.randomPKCECodeVerifier()
    const expectedState = openid.randomState()
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: callbackUri,
      scope: 'openid',
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      ...parameters,
    })
    const page = await agent.open(url.href)
    const finish = (answer: URL | Request, checks: openid.AuthorizationCodeGrantChecks = {}) =>
      openid.authorizationCodeGrant(config, answer, { pkceCodeVerifier, expectedState, ...checks })
    return { page, finish }
  }

  it('prompt=none: an error that the library reports, and tokens once signed in (OIDC Core §3.1.2.6)', async () => {
    const agent = createAgent()
    const stranger = await begin(agent, { prompt: 'none' })
    const refused = stranger.finish(answerOf(agent, stranger.page))
    await expect(refused).rejects.toMatchObject({ error: 'login_required' })

    const first = await begin(agent, {})
    await first.finish(answerOf(agent, await walk(agent, first.page, user)))
    const silent = await begin(agent, { prompt: 'none' })
    const tokens = await silent.finish(answerOf(agent, silent.page))
    expect(tokens.claims()?.sub).toBe(user.sub)
  })

  it('max_age=0 signs in anew, and the library accepts auth_time (OIDC Core §3.1.2.1)', async () => {
    const agent = createAgent()
    const first = await begin(agent, {})
    await first.finish(answerOf(agent, await walk(agent, first.page, user)))
    const again = await begin(agent, { max_age: '0' })
    const callback = answerOf(agent, await walk(agent, again.page, user))
    const tokens = await again.finish(callback, { maxAge: 10 })
    expect(tokens.claims()?.auth_time).toEqual(expect.any(Number))
  })

  it('response_mode=form_post: the library redeems what the form carries (Form Post Response Mode §2)', async () => {
    const agent = createAgent()
    const { page, finish } = await begin(agent, { response_mode: 'form_post' })
    const shown = await walk(agent, page, user)
    const form = formsOf(shown.text).find(({ action }) => action === callbackUri)
    const body = new URLSearchParams([...(form?.values ?? [])])
    const tokens = await finish(new Request(callbackUri, { method: 'POST', body }))
    expect(tokens.claims()?.sub).toBe(user.sub)
  })
})
