import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, createAgent } from '../support/agent.ts'
import {
  answerOf,
  authorizeUrl,
  callbackUri,
  createPkce,
  encode,
  isActive,
  refresh,
  signIn,
} from '../support/flow.ts'
import { formsOf } from '../support/forms.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  type TestUser,
} from '../support/server.ts'

const goodbye = 'https://app.example/goodbye?from=doorward'

describe.each(databases)('RP-initiated logout on %s', (database) => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient
  let other: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database })
    const make = (client_name: string) =>
      server.createClient({
        client_name,
        redirect_uris: [callbackUri],
        post_logout_redirect_uris: [goodbye],
        trusted: true,
      })
    ;[user, app, other] = await Promise.all([server.createUser(), make('Orders'), make('Invoices')])
  })
  afterAll(() => server.stop())

  const signedIn = async (agent: Agent) => {
    const parameters = {
      response_type: 'code',
      client_id: app.client_id,
      redirect_uri: callbackUri,
      scope: 'openid',
      prompt: 'none',
      code_challenge: createPkce().challenge,
      code_challenge_method: 'S256',
    }
    return answerOf(agent, await agent.open(authorizeUrl(server, parameters))).searchParams.has('code')
  }
  const logoutUrl = (parameters: Record<string, string>) =>
    `${server.issuer}/oauth/logout?${encode(parameters)}`

  it('ends the session by id_token_hint, and goes back with state (RP-Initiated Logout §2, §3)', async () => {
    const { agent, tokens } = await signIn(server, app, user)
    const config = await openid.discovery(
      new URL(server.issuer),
      app.client_id,
      String(app.client_secret),
      undefined,
      { execute: [openid.allowInsecureRequests] },
    )
    const url = openid.buildEndSessionUrl(config, {
      id_token_hint: String(tokens.id_token),
      post_logout_redirect_uri: goodbye,
      state: 'a & b',
    })
    const back = answerOf(agent, await agent.open(url.href))
    expect(back.href.startsWith(goodbye)).toBe(true)
    expect(back.searchParams.get('state')).toBe('a & b')
    expect(back.searchParams.get('from')).toBe('doorward')
    expect(await signedIn(agent)).toBe(false)
  })

  it('ends the session’s access tokens and the families without offline_access, keeps those with it', async () => {
    const agent = createAgent()
    const bound = await signIn(server, app, user, { agent, parameters: { scope: 'openid' } })
    const offline = await signIn(server, other, user, {
      agent,
      parameters: { scope: 'openid offline_access' },
    })
    expect(await isActive(server, app, String(bound.tokens.access_token))).toBe(true)
    await agent.open(logoutUrl({ id_token_hint: String(bound.tokens.id_token) }))
    expect(await isActive(server, app, String(bound.tokens.access_token))).toBe(false)
    expect(await isActive(server, other, String(offline.tokens.access_token))).toBe(false)
    expect((await refresh(server, app, String(bound.tokens.refresh_token))).body.error).toBe('invalid_grant')
    expect((await refresh(server, other, String(offline.tokens.refresh_token))).status).toBe(200)
  })

  it('asks first where no hint is given; stay keeps the session, logout ends it', async () => {
    const { agent } = await signIn(server, app, user)
    const stay = await agent.open(`${server.issuer}/oauth/logout`)
    const stayed = await agent.submit(stay, { decision: 'stay' })
    expect(stayed.status).toBeLessThan(400)
    expect(await signedIn(agent)).toBe(true)
    const leave = await agent.open(`${server.issuer}/oauth/logout`)
    await agent.submit(leave, { decision: 'logout' })
    expect(await signedIn(agent)).toBe(false)
  })

  it('asks first where the hint is another person’s', async () => {
    const stranger = await signIn(server, app, await server.createUser())
    const { agent } = await signIn(server, app, user)
    const page = await agent.open(logoutUrl({ id_token_hint: String(stranger.tokens.id_token) }))
    expect(formsOf(page.text).some(({ buttons }) => buttons.some(({ value }) => value === 'stay'))).toBe(true)
    expect(await signedIn(agent)).toBe(true)
  })

  it('takes client_id in place of a hint, asks, then goes back (RP-Initiated Logout §2)', async () => {
    const { agent } = await signIn(server, app, user)
    const url = logoutUrl({ client_id: app.client_id, post_logout_redirect_uri: goodbye, state: 's' })
    const page = await agent.submit(await agent.open(url), { decision: 'logout' })
    expect(answerOf(agent, page).searchParams.get('state')).toBe('s')
    expect(await signedIn(agent)).toBe(false)
  })

  it('takes POST as well as GET', async () => {
    const { agent, tokens } = await signIn(server, app, user)
    const body = encode({ id_token_hint: String(tokens.id_token), post_logout_redirect_uri: goodbye })
    const answer = await agent.request(`${server.issuer}/oauth/logout`, { method: 'POST', body })
    const location = String(agent.location(answer))
    const last = location.startsWith(server.issuer) ? await agent.open(location) : answer
    expect(answerOf(agent, last).href).toBe(goodbye)
    expect(await signedIn(agent)).toBe(false)
  })

  it('is an error page where the return address is not registered, and nobody is sent there', async () => {
    const { agent, tokens } = await signIn(server, app, user)
    const evil = 'https://app.example/goodbye'
    const page = await agent.open(
      logoutUrl({ id_token_hint: String(tokens.id_token), post_logout_redirect_uri: evil }),
    )
    expect(page.status).toBe(400)
    expect(page.headers.has('location')).toBe(false)
  })

  it('is no error where nobody is signed in any more', async () => {
    const { tokens } = await signIn(server, app, user)
    const fresh = createAgent()
    const url = logoutUrl({ id_token_hint: String(tokens.id_token), post_logout_redirect_uri: goodbye })
    const page = await fresh.open(url)
    expect(page.status).toBeLessThan(400)
  })
})
