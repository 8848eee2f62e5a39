import { describe, expect, it } from 'vitest'
import { type Agent, answerOf, buttonsOf, formOf, locationOf, type Page } from './support/agent.ts'
import { addClient, addUser, authorizeUrl, redeem, sessionsOf, signIn } from './support/flow.ts'
import { ISSUER, startServer } from './support/server.ts'

const BYE = 'https://app.example.com/bye'

/** Ada, signed in at a client, with the ID token it got. */
async function signedIn() {
  const server = await startServer()
  await addUser(server)
  const client = await addClient(server, { trusted: true })
  const agent = server.agent()
  const done = await signIn(agent, await agent.open(authorizeUrl(client)))
  const { tokens, claims } = await redeem(agent, client, answerOf(done).code ?? '')
  const hint = tokens.id_token ?? ''
  return { server, agent, client, hint, sid: String(claims.sid), tokens }
}

function url(parameters: Record<string, string>): string {
  return `${ISSUER}/oauth/logout?${new URLSearchParams(parameters)}`
}

async function isSignedIn(agent: Agent): Promise<boolean> {
  return (await agent.request('/account')).status === 200
}

const asks = (page: Page): boolean => buttonsOf(page, 'decision').includes('logout')

describe('/oauth/logout with a hint, RP-Initiated Logout §2', () => {
  it('ends the session at once and goes to the registered URI with state', async () => {
    const { server, agent, hint, sid } = await signedIn()
    const live = sessionsOf(server, agent)
    expect(await live()).toMatchObject([{ sid }])
    const page = await agent.request(
      url({ id_token_hint: hint, post_logout_redirect_uri: BYE, state: 'a b' }),
    )
    expect(page.status).toBe(303)
    expect(locationOf(page)).toBe(`${BYE}?state=a+b`)
    expect(await isSignedIn(agent)).toBe(false)
    expect(server.events.at(-1)).toMatchObject({ event: 'session.ended', sid })
    expect(await live()).toEqual([])
  })

  it('takes one that has expired, RP-Initiated Logout §4', async () => {
    const { server, agent, hint } = await signedIn()
    server.wait(3600)
    expect(locationOf(await agent.request(url({ id_token_hint: hint, post_logout_redirect_uri: BYE })))).toBe(
      BYE,
    )
    expect(await isSignedIn(agent)).toBe(false)
  })

  it('shows a page of our own where no URI was sent', async () => {
    const { agent, hint } = await signedIn()
    const page = await agent.request(url({ id_token_hint: hint }))
    expect(page.status).toBe(200)
    expect(page.text).toContain('signed out')
    expect(await isSignedIn(agent)).toBe(false)
  })

  it('ends the refresh tokens of the session', async () => {
    const { agent, client, hint, tokens } = await signedIn()
    await agent.request(url({ id_token_hint: hint }))
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '', client_id: client }
    const refused = await agent.request('/oauth/token', { form })
    expect(JSON.parse(refused.text)).toMatchObject({ error: 'invalid_grant' })
  })

  it('ends the hinted account alone, active or not', async () => {
    const { server, agent, hint } = await signedIn()
    await addUser(server, 'bob@example.com')
    await signIn(agent, await agent.open(`${ISSUER}/login`), 'bob@example.com')
    await agent.request(url({ id_token_hint: hint }))
    const account = await agent.open(`${ISSUER}/account`)
    expect(account.text).toContain('bob@example.com')
    expect(account.text).not.toContain('ada@example.com')
  })

  it.each([
    ['tampered with', (hint: string) => `${hint.slice(0, -3)}AAA`],
    ['no token at all', () => 'x'],
  ])('ends nothing by a hint that is %s', async (_, change) => {
    const { agent, hint } = await signedIn()
    const page = await agent.request(url({ id_token_hint: change(hint), post_logout_redirect_uri: BYE }))
    expect(page.status).toBe(400)
    expect(locationOf(page)).toBeNull()
    expect(await isSignedIn(agent)).toBe(true)
  })

  it('ends nothing by an access token', async () => {
    const { agent, tokens } = await signedIn()
    expect((await agent.request(url({ id_token_hint: tokens.access_token ?? '' }))).status).toBe(400)
    expect(await isSignedIn(agent)).toBe(true)
  })
})

describe('/oauth/logout asks, RP-Initiated Logout §2', () => {
  it.each([
    ['no parameters', () => ({})],
    [
      'client_id instead of a hint',
      (client: string) => ({ client_id: client, post_logout_redirect_uri: BYE }),
    ],
  ])('with %s', async (_, parameters) => {
    const { agent, client } = await signedIn()
    const page = await agent.open(url(parameters(client)))
    expect(asks(page)).toBe(true)
    expect(await isSignedIn(agent)).toBe(true)
  })

  it('where the hint is another person’s, and ends the session the page names', async () => {
    const { server, hint } = await signedIn()
    await addUser(server, 'bob@example.com')
    const bob = server.agent()
    await signIn(bob, await bob.open(`${ISSUER}/login`), 'bob@example.com')
    const page = await bob.open(url({ id_token_hint: hint, post_logout_redirect_uri: BYE, state: 's' }))
    expect(asks(page)).toBe(true)
    expect(page.text).toContain('bob@example.com')
    expect(page.headers.get('content-security-policy')).toContain(
      "form-action 'self' https://app.example.com",
    )
    expect(locationOf(await bob.submit(page, { decision: 'logout' }))).toBe(`${BYE}?state=s`)
    expect(await isSignedIn(bob)).toBe(false)
  })

  it('and lets the person stay', async () => {
    const { agent } = await signedIn()
    const page = await agent.submit(await agent.open(url({})), { decision: 'stay' })
    expect(new URL(page.url).pathname).toBe('/account')
    expect(await isSignedIn(agent)).toBe(true)
  })

  it('and ends on our own page where there is no URI; sent twice, it changes nothing', async () => {
    const { server, agent } = await signedIn()
    const page = await agent.open(url({}))
    for (const _ of [1, 2]) {
      const done = await agent.submit(page, { decision: 'logout' })
      expect(done.text).toContain('signed out')
    }
    expect(server.story().filter((event) => event === 'session.ended')).toHaveLength(1)
  })

  it('and leaves the other accounts signed in', async () => {
    const { server, agent } = await signedIn()
    await addUser(server, 'bob@example.com')
    await signIn(agent, await agent.open(`${ISSUER}/login`), 'bob@example.com')
    const done = await agent.submit(await agent.open(url({})), { decision: 'logout' })
    expect(new URL(done.url).pathname).toBe('/account')
    expect(done.text).toContain('ada@example.com')
  })

  it('and ends nothing by a forged form', async () => {
    const { agent } = await signedIn()
    const page = await agent.open(url({}))
    const { action, hidden } = formOf(page)
    const forged = await agent.request(action, { form: { ...hidden, csrf: 'x', decision: 'logout' } })
    expect(forged.status).toBe(400)
    const elsewhere = await agent.submit(page, { decision: 'logout' }, { origin: 'https://evil.example' })
    expect(elsewhere.status).toBe(400)
    expect((await agent.request(action, { form: hidden })).status).toBe(400)
    expect(await isSignedIn(agent)).toBe(true)
  })
})

describe('/oauth/logout goes nowhere unproven, RP-Initiated Logout §3', () => {
  it.each([
    ['a URI that is not registered', { post_logout_redirect_uri: `${BYE}/` }],
    ['a URI of another app', { post_logout_redirect_uri: 'https://evil.example' }],
    ['a client that nobody knows', { client_id: 'nobody', post_logout_redirect_uri: BYE }],
    ['a URI twice', { post_logout_redirect_uri: BYE }, '&post_logout_redirect_uri=https://evil.example'],
  ])('%s is an error page, and nothing ends', async (_, parameters, more = '') => {
    const { agent, client } = await signedIn()
    const page = await agent.request(`${url({ client_id: client, ...parameters })}${more}`)
    expect(page.status).toBe(400)
    expect(locationOf(page)).toBeNull()
    expect(await isSignedIn(agent)).toBe(true)
  })

  it('a URI without a client is an error page', async () => {
    const { agent } = await signedIn()
    expect((await agent.request(url({ post_logout_redirect_uri: BYE }))).status).toBe(400)
  })

  it('client_id must be whom the hint was issued to', async () => {
    const { server, agent, hint } = await signedIn()
    const another = await addClient(server)
    const page = await agent.request(
      url({ client_id: another, id_token_hint: hint, post_logout_redirect_uri: BYE }),
    )
    expect(page.text).toContain('logout_client_mismatch')
    expect(page.status).toBe(400)
    expect(await isSignedIn(agent)).toBe(true)
  })

  it('goes on where nobody is signed in any more', async () => {
    const { server, client } = await signedIn()
    const page = await server.agent().request(url({ client_id: client, post_logout_redirect_uri: BYE }))
    expect(locationOf(page)).toBe(BYE)
  })
})

describe('a cross-site POST to /oauth/logout', () => {
  it('comes without cookies, is kept, and works as its own GET', async () => {
    const { server, agent, hint } = await signedIn()
    const form = { id_token_hint: hint, post_logout_redirect_uri: BYE, state: 's' }
    const bare = server.agent()
    const kept = await bare.request('/oauth/logout', { form, headers: { origin: 'https://app.example.com' } })
    expect(kept.status).toBe(303)
    expect(locationOf(kept)).toMatch(/^http:\/\/localhost:4000\/oauth\/logout\?dw_kept=[\w-]{43}$/)
    expect(await isSignedIn(agent)).toBe(true)
    expect(locationOf(await agent.request(locationOf(kept) ?? ''))).toBe(`${BYE}?state=s`)
    expect(await isSignedIn(agent)).toBe(false)
  })

  it('is refused at once where its URI is wrong', async () => {
    const { agent, hint } = await signedIn()
    const form = { id_token_hint: hint, post_logout_redirect_uri: 'https://evil.example' }
    expect((await agent.request('/oauth/logout', { form })).status).toBe(400)
  })

  it('is gone after five minutes', async () => {
    const { server, agent, hint } = await signedIn()
    const kept = await server.agent().request('/oauth/logout', { form: { id_token_hint: hint } })
    server.wait(300)
    const page = await agent.request(locationOf(kept) ?? '')
    expect(page.status).toBe(400)
    expect(await isSignedIn(agent)).toBe(true)
  })

  it('of the same site is answered directly', async () => {
    const { agent, hint } = await signedIn()
    const form = { id_token_hint: hint, post_logout_redirect_uri: BYE }
    expect(locationOf(await agent.request('/oauth/logout', { form }))).toBe(BYE)
  })
})
