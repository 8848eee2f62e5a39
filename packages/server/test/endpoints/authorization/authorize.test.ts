import { describe, expect, it } from 'vitest'
import { answerOf, buttonsOf, locationOf, typedIn } from '../support/agent.ts'
import { addClient, addUser, authorizeUrl, redeem, signIn } from '../support/flow.ts'
import { CALLBACK, ISSUER, startServer } from '../support/server.ts'

describe('the whole way, OpenID Connect Core §3.1', () => {
  it('goes from sign-in over consent to a code, by cookies and hidden fields alone', async () => {
    const server = await startServer()
    const userId = await addUser(server)
    const client = await addClient(server)
    const agent = server.agent()

    const login = await agent.open(authorizeUrl(client))
    expect(login.status).toBe(200)
    expect(login.text).toContain('Orders')
    const consent = await signIn(agent, login)
    expect(new URL(consent.url).pathname).toBe('/consent')
    expect(buttonsOf(consent, 'decision')).toEqual(expect.arrayContaining(['allow', 'deny']))
    const done = await agent.submit(consent, { decision: 'allow' })
    expect(done.status).toBe(303)
    expect(locationOf(done)).toMatch(/^https:\/\/app\.example\.com\/cb\?/)
    const { code = '', ...rest } = answerOf(done)
    expect(rest).toEqual({ state: 'some state', iss: ISSUER })

    const { claims } = await redeem(agent, client, code)
    expect(claims).toMatchObject({
      sub: userId,
      aud: client,
      nonce: 'n',
      auth_time: 1_800_000_000,
      acr: 'aal1',
      amr: ['pwd'],
    })
    expect(server.story()).toEqual([
      'sign_in.succeeded',
      'session.started',
      'consent.granted',
      'authorization.granted',
      'token.issued',
    ])
  })

  it('asks nothing the second time, and for every client: single sign-on', async () => {
    const server = await startServer()
    await addUser(server)
    const agent = server.agent()
    const first = await addClient(server)
    const second = await addClient(server, { trusted: true })
    await agent.submit(await signIn(agent, await agent.open(authorizeUrl(first))), { decision: 'allow' })
    for (const client of [first, second]) {
      for (const prompt of [null, 'none']) {
        expect(answerOf(await agent.request(authorizeUrl(client, { prompt }))).code).toBeDefined()
      }
    }
  })

  it('answers a refusal of the person with access_denied, RFC 6749 §4.1.2.1', async () => {
    const server = await startServer()
    await addUser(server)
    const agent = server.agent()
    const consent = await signIn(agent, await agent.open(authorizeUrl(await addClient(server))))
    const denied = await agent.submit(consent, { decision: 'deny' })
    expect(answerOf(denied)).toMatchObject({ error: 'access_denied', state: 'some state', iss: ISSUER })
    expect(server.events.at(-1)).toMatchObject({ event: 'consent.denied', reason: 'consent_denied' })
  })
})

describe('errors', () => {
  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['no client', { client_id: null }],
    ['another redirect URI', { redirect_uri: `${CALLBACK}/` }],
    ['no redirect URI with openid', { redirect_uri: 'https://evil.example/cb' }],
  ])('are a page until client and redirect URI are proven: %s, RFC 9700 §4.11.2', async (_, more) => {
    const server = await startServer()
    const client = await addClient(server)
    const page = await server.agent().request(authorizeUrl(client, more))
    expect(page.status).toBe(400)
    expect(locationOf(page)).toBeNull()
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(server.events.at(-1)).toMatchObject({ event: 'request.refused' })
  })

  it.each([
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_request', { code_challenge: null }],
    ['invalid_request', { code_challenge_method: 'plain' }],
    ['invalid_scope', { scope: 'unheard' }],
    ['invalid_target', { resource: 'https://nobody.example' }],
    ['request_not_supported', { request: 'x' }],
    ['request_uri_not_supported', { request_uri: 'https://x.example' }],
    ['login_required', { prompt: 'none' }],
    ['invalid_request', { prompt: 'none login' }],
    ['invalid_request', { id_token_hint: 'x' }],
    ['access_denied', { claims: '{"id_token":{"acr":{"essential":true,"value":"gold"}}}' }],
  ])('are a redirect with iss and state afterwards: %s, RFC 9207 §2', async (error, more) => {
    const server = await startServer()
    const client = await addClient(server)
    const page = await server.agent().request(authorizeUrl(client, more))
    expect(answerOf(page)).toMatchObject({ error, state: 'some state', iss: ISSUER })
    expect(server.events.at(-1)).toMatchObject({ event: 'authorization.refused', error, clientId: client })
  })

  it('refuses a repeated parameter by redirect, but for resource, RFC 6749 §3.1', async () => {
    const server = await startServer()
    const client = await addClient(server)
    const page = await server.agent().request(`${authorizeUrl(client)}&nonce=twice`)
    expect(answerOf(page)).toMatchObject({ error: 'invalid_request' })
    const twice = `${authorizeUrl(client)}&client_id=${client}`
    expect((await server.agent().request(twice)).status).toBe(400)
  })

  it('travel by form_post where that was asked for, Form Post Response Mode §2', async () => {
    const server = await startServer()
    const client = await addClient(server)
    const page = await server
      .agent()
      .request(authorizeUrl(client, { prompt: 'none', response_mode: 'form_post' }))
    expect(page.status).toBe(200)
    expect(page.text).toContain('name="error" value="login_required"')
    expect(page.text).toContain(`action="${CALLBACK}"`)
    expect(page.headers.get('content-security-policy')).toContain(
      "form-action 'self' https://app.example.com",
    )
  })

  it('reach the client as server_error where the server failed, and the log knows why, RFC 6749 §4.1.2.1', async () => {
    const server = await startServer()
    const client = await addClient(server)
    const cause = new Error('broken')
    server.deps.storage.resources.list = () => Promise.reject(cause)
    expect(answerOf(await server.agent().request(authorizeUrl(client)))).toMatchObject({
      error: 'server_error',
    })
    expect(server.faults).toEqual([cause])
  })
})

describe('pages on the way', () => {
  it('may lead to the proven redirect URI and nowhere else, by CSP', async () => {
    const server = await startServer()
    await addUser(server)
    const agent = server.agent()
    const login = await agent.open(authorizeUrl(await addClient(server)))
    const consent = await signIn(agent, login)
    for (const page of [login, consent]) {
      expect(page.headers.get('content-security-policy')).toContain(
        "form-action 'self' https://app.example.com",
      )
      expect(page.headers.get('cache-control')).toBe('no-store')
    }
  })

  it('prefill login_hint, and never the e-mail behind an id_token_hint', async () => {
    const server = await startServer()
    await addUser(server)
    const client = await addClient(server, { trusted: true })
    const agent = server.agent()
    const hinted = await agent.open(authorizeUrl(client, { login_hint: 'grace@example.com' }))
    expect(typedIn(hinted, 'email')).toBe('grace@example.com')
    const { code = '' } = answerOf(await signIn(agent, hinted))
    const { tokens } = await redeem(agent, client, code)
    const stranger = await server.agent().open(authorizeUrl(client, { id_token_hint: tokens.id_token ?? '' }))
    expect(new URL(stranger.url).pathname).toBe('/login')
    expect(stranger.text).not.toContain('ada@example.com')
  })
})
