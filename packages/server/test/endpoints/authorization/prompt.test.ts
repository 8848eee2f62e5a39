import { describe, expect, it } from 'vitest'
import { type Agent, answerOf, buttonsOf, type Page, typedIn } from '../support/agent.ts'
import { addClient, addUser, authorizeUrl, redeem, signIn } from '../support/flow.ts'
import { startServer } from '../support/server.ts'

const START = 1_800_000_000

/** A trusted client, two people, and a browser in which Ada has signed in. */
async function signedIn(metadata: Record<string, unknown> = { trusted: true }) {
  const server = await startServer()
  const ada = await addUser(server)
  const bob = await addUser(server, 'bob@example.com')
  const client = await addClient(server, metadata)
  const agent = server.agent()
  const url = (more: Record<string, string | null> = {}) => authorizeUrl(client, more)
  await agent.submit(await agent.open('http://localhost:4000/login'), {
    email: 'ada@example.com',
    password: 'correct horse battery staple',
  })
  /** The claims of the ID token behind an authorization answer. */
  const claims = async (page: Page) => (await redeem(agent, client, answerOf(page).code ?? '')).claims
  return { server, agent, client, url, claims, ada, bob }
}

const pathOf = (page: Page): string => new URL(page.url).pathname

async function signInSecond(agent: Agent): Promise<void> {
  await signIn(agent, await agent.open('http://localhost:4000/login'), 'bob@example.com')
}

describe('prompt=login and max_age, OpenID Connect Core §3.1.2.1', () => {
  it.each([
    ['prompt=login', { prompt: 'login' }],
    ['max_age passed', { max_age: '60' }],
    ['max_age=0', { max_age: '0' }],
  ])('%s: asks once, renews auth_time and keeps sid', async (_, more) => {
    const { server, agent, url, claims, ada } = await signedIn()
    const before = await claims(await agent.request(url()))
    const cookies = new Map(agent.cookies)
    server.wait(100)
    const login = await agent.open(url(more))
    expect(pathOf(login)).toBe('/login')
    expect(typedIn(login, 'email')).toBe('ada@example.com')
    const after = await claims(await signIn(agent, login))
    expect(before).toMatchObject({ sub: ada, auth_time: START })
    expect(after).toMatchObject({ sub: ada, auth_time: START + 100, sid: before.sid })
    expect([...agent.cookies]).not.toEqual([...cookies])
    expect(server.story()).toContain('session.renewed')
  })

  it('max_age that has not passed asks nothing', async () => {
    const { server, agent, url, claims } = await signedIn()
    server.wait(60)
    expect(await claims(await agent.request(url({ max_age: '60' })))).toMatchObject({ auth_time: START })
  })

  it('default_max_age of the client counts where the request has none', async () => {
    const { server, agent, url } = await signedIn({ trusted: true, default_max_age: 60 })
    server.wait(100)
    expect(pathOf(await agent.open(url()))).toBe('/login')
    expect(answerOf(await agent.open(url({ max_age: '1000' }))).code).toBeDefined()
  })

  it('does not take a sign-in for another request', async () => {
    const { server, agent, url } = await signedIn()
    server.wait(100)
    const done = await signIn(agent, await agent.open(url({ prompt: 'login' })))
    expect(answerOf(done).code).toBeDefined()
    expect(pathOf(await agent.open(url({ prompt: 'login' })))).toBe('/login')
  })

  it('counts a sign-in for five minutes, however long the next page is read', async () => {
    const { server, agent, url } = await signedIn()
    const consent = await signIn(agent, await agent.open(url({ prompt: 'login consent' })))
    server.wait(300)
    const login = await agent.submit(consent, { decision: 'allow' })
    expect(pathOf(login)).toBe('/login')
    const again = await signIn(agent, login)
    expect(pathOf(again)).toBe('/consent')
    expect(answerOf(await agent.submit(again, { decision: 'allow' })).code).toBeDefined()
  })

  it('lets somebody else sign in instead, in a session of their own', async () => {
    const { agent, url, claims, bob } = await signedIn()
    const before = await claims(await agent.request(url()))
    const after = await claims(
      await signIn(agent, await agent.open(url({ prompt: 'login' })), 'bob@example.com'),
    )
    expect(after.sub).toBe(bob)
    expect(after.sid).not.toBe(before.sid)
    const accounts = await agent.open('http://localhost:4000/account')
    expect(buttonsOf(accounts, 'sign_out')).toEqual([after.sid, before.sid])
  })
})

describe('prompt=consent, OpenID Connect Core §3.1.2.1', () => {
  it('asks even for a trusted client, and again each time', async () => {
    const { agent, url } = await signedIn()
    for (const _ of [1, 2]) {
      const consent = await agent.open(url({ prompt: 'consent' }))
      expect(pathOf(consent)).toBe('/consent')
      expect(answerOf(await agent.submit(consent, { decision: 'allow' })).code).toBeDefined()
    }
  })

  it('beside login asks for one after the other', async () => {
    const { agent, url } = await signedIn()
    const login = await agent.open(url({ prompt: 'consent login' }))
    expect(pathOf(login)).toBe('/login')
    const consent = await signIn(agent, login)
    expect(pathOf(consent)).toBe('/consent')
    expect(answerOf(await agent.submit(consent, { decision: 'allow' })).code).toBeDefined()
  })

  it('prompt=none answers consent_required where something has not been allowed', async () => {
    const { agent, url } = await signedIn({})
    expect(answerOf(await agent.request(url({ prompt: 'none' })))).toMatchObject({
      error: 'consent_required',
    })
    await agent.submit(await agent.open(url()), { decision: 'allow' })
    expect(answerOf(await agent.request(url({ prompt: 'none' }))).code).toBeDefined()
    const more = url({ prompt: 'none', scope: 'openid email profile' })
    expect(answerOf(await agent.request(more))).toMatchObject({ error: 'consent_required' })
  })
})

describe('prompt=select_account, OpenID Connect Core §3.1.2.1', () => {
  it('offers the accounts, the active one first, and takes the one chosen', async () => {
    const { agent, url, claims, ada, bob } = await signedIn()
    await signInSecond(agent)
    expect((await claims(await agent.request(url()))).sub).toBe(bob)
    const choose = await agent.open(url({ prompt: 'select_account' }))
    expect(pathOf(choose)).toBe('/login/choose')
    const [active = '', second = '', other] = buttonsOf(choose, 'account')
    expect(other).toBe('other')
    expect((await claims(await agent.submit(choose, { account: active }))).sub).toBe(bob)
    expect((await claims(await agent.submit(choose, { account: second }))).sub).toBe(ada)
    expect((await claims(await agent.request(url()))).sub).toBe(ada)
  })

  it('leads to sign-in for another account, and ends there', async () => {
    const { agent, url, claims, bob } = await signedIn()
    const choose = await agent.open(url({ prompt: 'select_account' }))
    const login = await agent.submit(choose, { account: 'other' })
    expect(pathOf(login)).toBe('/login')
    expect(typedIn(login, 'email')).toBe('')
    expect((await claims(await signIn(agent, login, 'bob@example.com'))).sub).toBe(bob)
  })

  it('beside login asks the chosen person for the password', async () => {
    const { agent, url, claims, ada } = await signedIn()
    await signInSecond(agent)
    const choose = await agent.open(url({ prompt: 'login select_account' }))
    const login = await agent.submit(choose, { account: buttonsOf(choose, 'account')[1] ?? '' })
    expect(typedIn(login, 'email')).toBe('ada@example.com')
    expect((await claims(await signIn(agent, login))).sub).toBe(ada)
  })
})

describe('id_token_hint, OpenID Connect Core §3.1.2.1', () => {
  it('finds the hinted person among those signed in, expired or not', async () => {
    const { server, agent, client, url, claims, ada } = await signedIn()
    const { tokens } = await redeem(agent, client, answerOf(await agent.request(url())).code ?? '')
    await signInSecond(agent)
    server.wait(3600)
    for (const prompt of [null, 'none']) {
      const page = await agent.request(url({ prompt, id_token_hint: tokens.id_token ?? '' }))
      expect((await claims(page)).sub).toBe(ada)
    }
  })

  it('of somebody who is not signed in is login_required under prompt=none, else a sign-in', async () => {
    const { server, agent, client, url } = await signedIn()
    const { tokens } = await redeem(agent, client, answerOf(await agent.request(url())).code ?? '')
    const other = server.agent()
    await signInSecond(other)
    const hint = { id_token_hint: tokens.id_token ?? '' }
    expect(answerOf(await other.request(url({ ...hint, prompt: 'none' })))).toMatchObject({
      error: 'login_required',
    })
    const login = await other.open(url(hint))
    expect(pathOf(login)).toBe('/login')
    // The wrong person again: asking for ever would help nobody.
    expect(answerOf(await signIn(other, login, 'bob@example.com'))).toMatchObject({ error: 'login_required' })
    expect(answerOf(await signIn(other, await other.open(url(hint)))).code).toBeDefined()
  })

  it('must be an ID token of this client: an access token is none', async () => {
    const { server, agent, client, url } = await signedIn()
    const { tokens } = await redeem(agent, client, answerOf(await agent.request(url())).code ?? '')
    const another = await addClient(server, { trusted: true })
    const attempts = [
      url({ id_token_hint: tokens.access_token ?? '' }),
      url({ id_token_hint: `${(tokens.id_token ?? '').slice(0, -3)}AAA` }),
      authorizeUrl(another, { id_token_hint: tokens.id_token ?? '' }),
    ]
    for (const attempt of attempts) {
      expect(answerOf(await agent.request(attempt))).toMatchObject({ error: 'invalid_request' })
    }
  })

  it('counts like sub in the claims parameter, OpenID Connect Core §5.5.1', async () => {
    const { agent, url, ada, bob } = await signedIn()
    const wanting = (sub: string) =>
      url({ prompt: 'none', claims: JSON.stringify({ id_token: { sub: { value: sub } } }) })
    expect(answerOf(await agent.request(wanting(ada))).code).toBeDefined()
    expect(answerOf(await agent.request(wanting(bob)))).toMatchObject({ error: 'login_required' })
  })
})
