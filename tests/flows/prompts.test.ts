import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, createAgent } from '../support/agent.ts'
import {
  answerOf,
  authorize,
  authorizeUrl,
  callbackUri,
  createPkce,
  exchange,
  type Parameters,
  signIn,
  walk,
} from '../support/flow.ts'
import { formsOf } from '../support/forms.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  type TestUser,
} from '../support/server.ts'

describe.each(databases)('what an authorization request may ask of the sign-in, on %s', (database) => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient
  let trusted: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database })
    ;[user, app, trusted] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri] }),
      server.createClient({ redirect_uris: [callbackUri], trusted: true }),
    ])
  })
  afterAll(() => server.stop())

  const url = (client: RegisteredClient, more: Parameters) =>
    authorizeUrl(server, {
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: callbackUri,
      scope: 'openid',
      state: 'kept as it came ✓ & =',
      code_challenge: createPkce().challenge,
      code_challenge_method: 'S256',
      ...more,
    })

  /** The answer that came back without a question to the person. */
  const atOnce = async (agent: Agent, client: RegisteredClient, more: Parameters) =>
    answerOf(agent, await agent.open(url(client, more))).searchParams

  const authTime = (tokens: Readonly<Record<string, unknown>>) => decodeJwt(String(tokens.id_token)).auth_time

  it('prompt=none: login_required without a session, with state and iss (OIDC Core §3.1.2.6, RFC 9207)', async () => {
    const answer = await atOnce(createAgent(), app, { prompt: 'none' })
    expect(answer.get('error')).toBe('login_required')
    expect(answer.get('state')).toBe('kept as it came ✓ & =')
    expect(answer.get('iss')).toBe(server.issuer)
    expect(answer.has('code')).toBe(false)
  })

  it('prompt=none: consent_required where nobody has agreed yet, a code where they have', async () => {
    const person = await server.createUser()
    const { agent } = await signIn(server, trusted, person)
    expect((await atOnce(agent, app, { prompt: 'none' })).get('error')).toBe('consent_required')
    await authorize(server, app, person, { agent, parameters: { scope: 'openid' } })
    expect((await atOnce(agent, app, { prompt: 'none' })).get('code')).toEqual(expect.any(String))
  })

  it('prompt=none with another value is refused (OIDC Core §3.1.2.1)', async () => {
    expect((await atOnce(createAgent(), app, { prompt: 'none login' })).get('error')).toBe('invalid_request')
  })

  it('prompt=login asks again and renews auth_time; sid stays for the same person', async () => {
    const first = await signIn(server, trusted, user)
    const cookiesBefore = new Set(first.agent.cookies.values())
    await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(Number(authTime(first.tokens)))
    const page = await first.agent.open(url(trusted, { prompt: 'login' }))
    expect(formsOf(page.text).some((form) => form.names.has('password'))).toBe(true)
    const second = await signIn(server, trusted, user, {
      agent: first.agent,
      parameters: { prompt: 'login' },
    })
    expect(authTime(second.tokens)).toBeGreaterThan(Number(authTime(first.tokens)))
    expect(decodeJwt(String(second.tokens.id_token)).sid).toBe(decodeJwt(String(first.tokens.id_token)).sid)
    expect([...first.agent.cookies.values()].some((value) => !cookiesBefore.has(value))).toBe(true)
  })

  it('max_age=0 asks again; a generous max_age does not (OIDC Core §3.1.2.1)', async () => {
    const first = await signIn(server, trusted, user)
    expect((await atOnce(first.agent, trusted, { max_age: '3600' })).get('code')).toEqual(expect.any(String))
    expect((await atOnce(first.agent, trusted, { max_age: '0', prompt: 'none' })).get('error')).toBe(
      'login_required',
    )
    const page = await first.agent.open(url(trusted, { max_age: '0' }))
    expect(formsOf(page.text).some((form) => form.names.has('password'))).toBe(true)
    const back = await walk(first.agent, page, user)
    expect(answerOf(first.agent, back).searchParams.get('code')).toEqual(expect.any(String))
  })

  it('prompt=consent asks again though it was agreed before', async () => {
    const { agent } = await signIn(server, app, user)
    const page = await agent.open(url(app, { prompt: 'consent' }))
    expect(formsOf(page.text).some((form) => form.buttons.some(({ value }) => value === 'allow'))).toBe(true)
    const denied = await agent.submit(page, { decision: 'deny' })
    expect(answerOf(agent, denied).searchParams.get('error')).toBe('access_denied')
  })

  it('prompt=select_account offers the accounts of this browser and another one', async () => {
    const { agent } = await signIn(server, trusted, user)
    const other = await server.createUser()
    const page = await agent.open(url(trusted, { prompt: 'select_account' }))
    expect(page.text).toContain(user.email)
    const elsewhere = await walk(agent, await agent.submit(page, { account: 'other' }), other)
    expect(answerOf(agent, elsewhere).searchParams.get('code')).toEqual(expect.any(String))
    const both = await agent.open(url(trusted, { prompt: 'select_account' }))
    expect(both.text).toContain(user.email)
    expect(both.text).toContain(other.email)
  })

  it('login_hint fills the e-mail in (OIDC Core §3.1.2.1)', async () => {
    const page = await createAgent().open(url(app, { login_hint: user.email }))
    expect(formsOf(page.text)[0]?.values.get('email')).toBe(user.email)
  })

  it('id_token_hint of another person: login_required with prompt=none, else a sign-in', async () => {
    const [{ tokens }, { agent }] = await Promise.all([
      signIn(server, trusted, user),
      signIn(server, trusted, await server.createUser()),
    ])
    const hint = { id_token_hint: String(tokens.id_token) }
    expect((await atOnce(agent, trusted, { ...hint, prompt: 'none' })).get('error')).toBe('login_required')
    const own = await signIn(server, trusted, user)
    expect((await atOnce(own.agent, trusted, { ...hint, prompt: 'none' })).get('code')).toEqual(
      expect.any(String),
    )
  })

  it.each([
    ['request', 'request_not_supported'],
    ['request_uri', 'request_uri_not_supported'],
  ])('%s is answered %s (OIDC Core §3.1.2.6)', async (name, error) => {
    expect((await atOnce(createAgent(), app, { [name]: 'https://app.example/x' })).get('error')).toBe(error)
  })

  it('takes display, ui_locales and acr_values politely (OIDC Core §3.1.2.1)', async () => {
    const { agent } = await signIn(server, trusted, user)
    const extra = { display: 'popup', ui_locales: 'de fr', acr_values: 'urn:never:heard:of:it' }
    expect((await atOnce(agent, trusted, extra)).get('code')).toEqual(expect.any(String))
  })

  it('takes the request as a POST form too (OIDC Core §3.1.2.1)', async () => {
    const { agent } = await signIn(server, trusted, user)
    const { searchParams: body } = new URL(url(trusted, {}))
    const page = await agent.request(`${server.issuer}/oauth/authorize`, { method: 'POST', body })
    const end = page.status === 303 && agent.location(page)?.startsWith(server.issuer)
    const last = end ? await agent.open(String(agent.location(page))) : page
    expect(answerOf(agent, last).searchParams.get('code')).toEqual(expect.any(String))
  })

  it('asks for PKCE unless the client is exempt; plain never (RFC 9700 §2.1.1, OAuth 2.1 §4.1.1)', async () => {
    const bare = { code_challenge: undefined, code_challenge_method: undefined }
    expect((await atOnce(createAgent(), app, bare)).get('error')).toBe('invalid_request')
    const plain = { code_challenge_method: 'plain' }
    expect((await atOnce(createAgent(), app, plain)).get('error')).toBe('invalid_request')
    const old = await server.createClient({ redirect_uris: [callbackUri], pkce: 'optional', trusted: true })
    expect((await atOnce(createAgent(), old, plain)).get('error')).toBe('invalid_request')
    const authorized = await authorize(server, old, user, { parameters: bare })
    const { status } = await exchange(server, old, authorized, { code_verifier: undefined })
    expect(status).toBe(200)
  })
})
