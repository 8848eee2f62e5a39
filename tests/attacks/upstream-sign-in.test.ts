import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, createAgent } from '../support/agent.ts'
import { authorizeUrl, callbackUri, createPkce } from '../support/flow.ts'
import { type OidcStandIn, startOidcProvider } from '../support/providers/oidc.ts'
import { type Doorward, type RegisteredClient, startDoorward } from '../support/server.ts'

describe('a sign-in with a provider, RFC 9700 §4.4, §4.7, §4.11', () => {
  let server: Doorward
  let one: OidcStandIn
  let two: OidcStandIn
  let app: RegisteredClient

  beforeAll(async () => {
    ;[one, two] = await Promise.all([
      startOidcProvider(),
      startOidcProvider({ user: { sub: 'mallory', email: 'mallory@example.com', email_verified: true } }),
    ])
    const providers = Object.entries({ one, two }).map(([id, { issuer, clientId, clientSecret }]) => ({
      provider: 'oidc',
      ...{ id, name: id, issuer, clientId, clientSecret },
    }))
    server = await startDoorward({ database: 'sqlite', config: { providers } })
    app = await server.createClient({ redirect_uris: [callbackUri], trusted: true })
  })
  afterAll(async () => {
    await server.stop()
    await Promise.all([one.stop(), two.stop()])
  })

  const login = () =>
    authorizeUrl(server, {
      response_type: 'code',
      client_id: app.client_id,
      redirect_uri: callbackUri,
      scope: 'openid',
      code_challenge: createPkce().challenge,
      code_challenge_method: 'S256',
    }).replace('/oauth/authorize', '/login/one')

  /** As far as the address with the code, which is not opened yet. */
  const untilCallback = async (agent: Agent, address = login()): Promise<URL> => {
    const there = agent.location(await agent.request(address)) ?? ''
    return new URL(agent.location(await agent.request(there)) ?? '')
  }
  const signedIn = async (agent: Agent) =>
    new URL((await agent.open(`${server.issuer}/account`)).url).pathname === '/account'
  const tokenRequests = () => one.seen.filter(({ path }) => path === '/token').length

  it("an attacker's callback, planted in the victim's browser, signs nobody in (login CSRF)", async () => {
    const [attacker, victim] = [createAgent(), createAgent()]
    const callback = await untilCallback(attacker)
    // The victim may well have a sign-in of their own under way.
    await untilCallback(victim)
    const page = await victim.open(callback.href)
    expect([page.status, page.text.includes('<code>state_cookie_lost</code>')]).toEqual([400, true])
    expect(await signedIn(victim)).toBe(false)
  })

  it("a stolen callback is worth nothing in the thief's browser, and stays good in its own", async () => {
    const [person, thief] = [createAgent(), createAgent()]
    const callback = await untilCallback(person)
    const before = tokenRequests()
    expect((await thief.open(callback.href)).status).toBe(400)
    expect([await signedIn(thief), tokenRequests()]).toEqual([false, before])
    await person.open(callback.href)
    expect(await signedIn(person)).toBe(true)
  })

  it('a callback is good once, though the browser, or a copy of its cookies, asks twenty times at once', async () => {
    const person = createAgent()
    const callback = await untilCallback(person)
    const copies = Array.from({ length: 20 }, () => {
      const copy = createAgent()
      for (const [name, value] of person.cookies) copy.cookies.set(name, value)
      return copy
    })
    const before = tokenRequests()
    const answers = await Promise.all(copies.map((copy) => copy.request(callback.href)))
    expect(tokenRequests() - before).toBe(1)
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19)
  })

  it('another state, none, or one of an old secret is refused before anybody is asked', async () => {
    const agent = createAgent()
    const callback = await untilCallback(agent)
    const before = tokenRequests()
    const reasons: string[] = []
    for (const state of [`${callback.searchParams.get('state')}x`, 'forged', '']) {
      const changed = new URL(callback)
      changed.searchParams.set('state', state)
      const { text } = await agent.open(changed.href)
      reasons.push(/<code>(state_\w+)<\/code>/.exec(text)?.[1] ?? text)
    }
    expect(reasons).toEqual(['state_unknown', 'state_unknown', 'state_missing'])
    expect([await signedIn(agent), tokenRequests()]).toEqual([false, before])
  })

  it('an answer of one provider is refused at the callback of another (mix-up)', async () => {
    const agent = createAgent()
    const callback = await untilCallback(agent)
    callback.pathname = callback.pathname.replace('/one/', '/two/')
    const { status, text } = await agent.open(callback.href)
    expect([status, text.includes('<code>state_other_provider</code>')]).toEqual([400, true])
    expect(two.seen.some(({ path }) => path === '/token')).toBe(false)
  })

  it('an answer that names another issuer is refused (RFC 9207 §2.4)', async () => {
    const agent = createAgent()
    one.misbehave('iss-wrong')
    const callback = await untilCallback(agent)
    one.misbehave(null)
    const { text } = await agent.open(callback.href)
    expect(text).toContain('<code>authorization_issuer_mismatch</code>')
    expect(await signedIn(agent)).toBe(false)
  })

  it.each(['cross-site', 'same-site'])(
    'a link of another site (%s) shows the page instead of starting',
    async (site) => {
      const agent = createAgent()
      const answer = await agent.request(login(), { headers: { 'sec-fetch-site': site } })
      expect(new URL(agent.location(answer) ?? '').pathname).toBe('/login')
      expect(answer.headers.getSetCookie()).toEqual([])
    },
  )

  it('neither does a browser that looks ahead start one', async () => {
    const agent = createAgent()
    const headers = { 'sec-purpose': 'prefetch', 'sec-fetch-site': 'same-origin' }
    const answer = await agent.request(login(), { headers })
    expect([new URL(agent.location(answer) ?? '').pathname, answer.headers.getSetCookie()]).toEqual([
      '/login',
      [],
    ])
  })

  it.each([
    '/login/one?then=https://evil.example',
    '/login/one?then=//evil.example',
    '/login/one?return_to=https://evil.example&redirect_uri=https://evil.example',
    '/login/one?dw_notice=denied.https://evil.example',
  ])('%s leads nowhere but to our own pages', async (path) => {
    const agent = createAgent()
    const callback = await untilCallback(agent, `${server.issuer}${path}`)
    const there = agent.location(await agent.request(callback.href))
    expect(there).toBe(`${server.issuer}/account`)
  })

  it('a redirect URI that is not registered sends nobody to a provider', async () => {
    const agent = createAgent()
    const forged = login().replace(
      encodeURIComponent(callbackUri),
      encodeURIComponent('https://evil.example/'),
    )
    const page = await agent.request(forged)
    expect([page.status, agent.location(page)]).toEqual([400, null])
  })

  it.each(['/login/one%0d%0aSet-Cookie:%20a=b', '/login/nobody', '/login/one/callback/more', '/login/ONE'])(
    'nothing answers at %s',
    async (path) => {
      const page = await createAgent().request(`${server.issuer}${path}`)
      expect([page.status, page.headers.getSetCookie()]).toEqual([404, []])
    },
  )

  it('line breaks in login_hint do not reach a header as such', async () => {
    const agent = createAgent()
    const address = `${login()}&login_hint=${encodeURIComponent('ada\r\nSet-Cookie: a=b\r\n\r\n<b>')}`
    const answer = await agent.request(address)
    expect(answer.headers.get('set-cookie') ?? '').not.toContain('a=b')
    expect([...(answer.headers.get('location') ?? '')].every((c) => c > ' ' && c < '\x7f')).toBe(true)
  })

  it("the provider's own words are text, wherever they appear", async () => {
    const agent = createAgent()
    const callback = await untilCallback(agent)
    callback.searchParams.delete('code')
    callback.searchParams.set('error', 'odd')
    callback.searchParams.set('error_description', '<script>alert(1)</script>')
    const { text } = await agent.open(callback.href)
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(text).not.toContain('<script>alert')
  })

  it('nothing secret of it is in the log', async () => {
    const agent = createAgent()
    const callback = await untilCallback(agent)
    await agent.open(callback.href)
    await agent.open(`${callback.href}x`)
    const log = server.process.output()
    expect(log).toContain('"provider":"one"')
    const secrets = [...one.issued, callback.searchParams.get('state') ?? '', one.clientSecret]
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([])
  })
})
