import { github, oidc, type Provider } from '@doorward/client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { formWith } from '../../../../tests/support/forms.ts'
import { type GithubOptions, startGithub } from '../../../../tests/support/providers/github.ts'
import { startOidcProvider } from '../../../../tests/support/providers/oidc.ts'
import { type Agent, answerOf, formOf, locationOf, type Page } from './support/agent.ts'
import { addClient, addUser, authorizeUrl, signIn } from './support/flow.ts'
import { ISSUER, startServer, type TestServer } from './support/server.ts'

const LOGIN = `${ISSUER}/login`

type Settings = NonNullable<Parameters<typeof startServer>[0]>

/** The library's own GitHub at the stand-in's addresses, and a server whose clock tests move. */
async function withGithub(options: GithubOptions = {}, settings: Settings = {}) {
  const peer = await startGithub(options)
  onTestFinished(peer.stop)
  const { clientId, clientSecret, endpoints, extra, origin } = peer
  const provider: Provider = { ...github({ clientId, clientSecret }), endpoints, extra }
  const allowPrivateHosts = [new URL(origin).host]
  const server = await startServer({ providers: [provider], allowPrivateHosts, ...settings })
  const client = await addClient(server, { scope: 'openid email' })
  return { server, peer, client, agent: server.agent() }
}

const buttonHref = (page: Page, provider = 'github'): string => {
  const [, href = ''] = new RegExp(`href="([^"]*/login/${provider}[^"]*)"`).exec(page.text) ?? []
  return href.replaceAll('&amp;', '&')
}

/** From a page with the button to the address that comes back from GitHub, not opened yet. */
async function untilCallback(agent: Agent, page: Page): Promise<string> {
  const there = locationOf(await agent.request(buttonHref(page))) ?? ''
  return (await fetch(there, { redirect: 'manual' })).headers.get('location') ?? ''
}

const reasonOf = ({ text }: Page) => /Cause code<\/dt><dd><code>(\w+)/.exec(text)?.[1]
const failures = ({ events }: TestServer) => events.filter(({ event }) => event === 'sign_in.failed')
const allow = (agent: Agent, page: Page) => agent.submit(page, { decision: 'allow' })

describe('a sign-in with GitHub', () => {
  it('opens a session, asks for consent, and is on record without anything secret', async () => {
    const { server, peer, client, agent } = await withGithub()
    const callback = await untilCallback(agent, await agent.open(authorizeUrl(client)))
    const consent = await agent.open(callback)
    expect(consent.text).toContain('octocat@github.com')
    expect(answerOf(await allow(agent, consent)).code).toEqual(expect.any(String))
    expect(server.events.find(({ event }) => event === 'sign_in.succeeded')).toMatchObject({
      provider: 'github',
      clientId: client,
      userId: expect.stringMatching(/^u_/),
    })
    const told = JSON.stringify(server.events)
    expect([...peer.issued].filter((secret) => told.includes(secret))).toEqual([])
  })

  it('leads back to the sign-in page where the person says no, with the request', async () => {
    const { server, peer, client, agent } = await withGithub()
    await addUser(server)
    peer.deny(true)
    const page = await agent.open(await untilCallback(agent, await agent.open(authorizeUrl(client))))
    expect([page.status, new URL(page.url).pathname]).toEqual([200, '/login'])
    expect(page.text).toContain('You are not signed in with <bdi>GitHub</bdi>')
    expect(failures(server)).toMatchObject([{ reason: 'access_denied', provider: 'github' }])
    const consent = await signIn(agent, page)
    expect(answerOf(await allow(agent, consent)).code).toEqual(expect.any(String))
  })

  it('takes ten minutes at most; the page leads on', async () => {
    const { server, client, agent } = await withGithub()
    const callback = await untilCallback(agent, await agent.open(authorizeUrl(client)))
    server.wait(601)
    const page = await agent.open(callback)
    expect([page.status, reasonOf(page)]).toEqual([400, 'state_expired'])
    expect(page.text).toContain('href="/login"')
  })

  it('brings a long request through, kept for as long as the sign-in may take and a consent page', async () => {
    const { server, client, agent } = await withGithub()
    const state = 's'.repeat(5000)
    const callback = await untilCallback(agent, await agent.open(authorizeUrl(client, { state })))
    // What goes on top of it must fit into what proxies take.
    expect([...agent.cookies.values()].filter(({ length }) => length > 2048)).toEqual([])
    server.wait(595)
    const consent = await agent.open(callback)
    server.wait(290)
    expect(answerOf(await allow(agent, consent)).state).toBe(state)
  })

  it('also one that came by POST a while ago, whatever is left of its own time', async () => {
    const { server, client, agent } = await withGithub()
    const state = 's'.repeat(5000)
    const form = Object.fromEntries(new URL(authorizeUrl(client, { state })).searchParams)
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://app.example.com' }
    const page = await agent.open(`${ISSUER}/oauth/authorize`, { form, headers })
    expect(page.url).toContain('dw_kept')
    server.wait(200)
    const callback = await untilCallback(agent, page)
    server.wait(500)
    expect(answerOf(await allow(agent, await agent.open(callback))).state).toBe(state)
  })

  it('says to start again at the app where its request is gone, and asks nobody for tokens', async () => {
    const { server, peer, client, agent } = await withGithub()
    const callback = await untilCallback(agent, await agent.open(authorizeUrl(client)))
    await server.clients.delete(client)
    const page = await agent.open(callback)
    expect([page.status, reasonOf(page)]).toEqual([400, 'client_unknown'])
    expect(peer.seen.some(({ path }) => path.endsWith('access_token'))).toBe(false)
  })

  it('is throttled by address where it keeps failing, and a success never counts', async () => {
    const signInLimits = { perAddress: 2, perAccountAndAddress: 2, windowSeconds: 60 }
    const { server, agent } = await withGithub({}, { limits: { signIn: signInLimits } })
    const once = async (change: (url: URL) => void) => {
      const callback = new URL(await untilCallback(agent, await agent.open(LOGIN)))
      change(callback)
      return agent.open(callback.href)
    }
    for (let at = 0; at < 3; at += 1) expect(new URL((await once(() => {})).url).pathname).toBe('/account')
    const forge = (url: URL) => url.searchParams.set('code', 'guessed')
    expect(reasonOf(await once(forge))).toBe('code_refused')
    expect(reasonOf(await once(forge))).toBe('code_refused')
    const page = await once(() => {})
    expect([page.status, page.headers.get('retry-after')]).toEqual([429, '60'])
    expect(server.faults).toEqual([])
  })

  it('is not throttled by an outage of the provider', async () => {
    const signInLimits = { perAddress: 2, perAccountAndAddress: 2, windowSeconds: 60 }
    const { peer, agent } = await withGithub({}, { limits: { signIn: signInLimits } })
    const callbacks: string[] = []
    for (let at = 0; at < 3; at += 1) callbacks.push(await untilCallback(agent, await agent.open(LOGIN)))
    await peer.stop()
    for (const callback of callbacks) {
      expect(reasonOf(await agent.open(callback))).toBe('provider_unreachable')
    }
  })

  it('is not offered where the person has to prove again who they are, nor taken by its address', async () => {
    const { client, agent } = await withGithub()
    const page = await agent.open(authorizeUrl(client, { prompt: 'login' }))
    expect(buttonHref(page)).toBe('')
    expect(page.text).toContain('<bdi>GitHub</bdi> cannot confirm that it is you again')
    const address = authorizeUrl(client, { prompt: 'login' }).replace('/oauth/authorize', '/login/github')
    const back = await agent.open(address)
    expect([new URL(back.url).pathname, back.text.includes('did not ask you to sign in again')]).toEqual([
      '/login',
      true,
    ])
  })

  it.each([
    ['registration_closed', { registration: 'closed' }, {}, 'There is no account for you here'],
    ['email_missing', {}, { account: { emails: [] } }, 'GitHub did not share your email'],
  ] as const)('%s: not let in, and the page says what to do', async (reason, settings, options, title) => {
    const { server, client, agent } = await withGithub(options as GithubOptions, settings)
    const page = await agent.open(await untilCallback(agent, await agent.open(authorizeUrl(client))))
    expect([page.status, reasonOf(page)]).toEqual([403, reason])
    expect(page.text).toContain(`<h1>${title}</h1>`)
    expect(page.text).toContain('/login?client_id=')
    expect(failures(server)).toMatchObject([{ reason, provider: 'github' }])
  })

  it('says so where GitHub is down, and tries again with the request', async () => {
    const { peer, client, agent } = await withGithub()
    const page = await agent.open(authorizeUrl(client))
    const callback = await untilCallback(agent, page)
    await peer.stop()
    const failed = await agent.open(callback)
    expect([failed.status, reasonOf(failed)]).toEqual([502, 'provider_unreachable'])
    expect(failed.text).toContain('<h1>GitHub cannot be reached</h1>')
    expect(buttonHref(failed)).toContain('state=some+state')
  })

  it('a fresh sign-in for the ways to sign in comes back to them', async () => {
    const { agent } = await withGithub()
    const page = await agent.open(`${LOGIN}?then=connections`)
    const done = await agent.request(await untilCallback(agent, page))
    expect(locationOf(done)).toBe(`${ISSUER}/account/connections`)
  })

  it('is connected for nobody but the browser in which the session is that asked', async () => {
    const { server, agent } = await withGithub()
    const userId = await addUser(server)
    const page = await signIn(agent, await agent.open(`${LOGIN}?then=connections`))
    const leaving = await agent.submit(page, { connect: 'github' })
    const href = /<a [^>]*href="(https?:[^"]*)"/.exec(leaving.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const callback = (await fetch(href, { redirect: 'manual' })).headers.get('location') ?? ''
    // The session goes on; only this browser does not have it any more.
    for (const name of agent.cookies.keys()) if (name.startsWith('dw-session')) agent.cookies.delete(name)
    const answer = await agent.open(callback)
    expect([answer.status, reasonOf(answer)]).toEqual([403, 'session_ended'])
    expect(await server.deps.storage.identities.ofUser(userId)).toEqual([])
  })

  it('stays where it is the only way in, whether a link or a form asks to disconnect it', async () => {
    const { server, agent } = await withGithub()
    const page = await agent.open(await untilCallback(agent, await agent.open(`${LOGIN}?then=connections`)))
    expect(page.url).toBe(`${ISSUER}/account/connections`)
    expect(page.text).toMatch(/<button [^>]*disabled[^>]*>Disconnect</)
    const userId = server.events.find(({ event }) => event === 'sign_in.succeeded')?.userId ?? ''
    const [{ id } = { id: '' }] = await server.deps.storage.identities.ofUser(userId)
    const { hidden } = formOf(page)
    for (const answer of [
      await agent.request(`${page.url}?disconnect=${id}`),
      await agent.request(page.url, { form: { ...hidden, disconnect: id } }),
    ]) {
      expect((await agent.open(locationOf(answer) ?? '')).text).toContain('GitHub is your only way in')
    }
    expect(await server.deps.storage.identities.ofUser(userId)).toHaveLength(1)
  })
})

/** A provider that answers by a form from its own site, as Apple does. */
async function withFormPost() {
  const peer = await startOidcProvider({ quirks: { formPost: true } })
  onTestFinished(peer.stop)
  const { issuer, clientId, clientSecret } = peer
  const quirks = { formPost: true } as const
  const provider = oidc({ id: 'form', name: 'Form', issuer, clientId, clientSecret, quirks })
  const server = await startServer({ providers: [provider], allowPrivateHosts: [new URL(issuer).host] })
  server.wait(Math.floor(Date.now() / 1000) - server.deps.clock())
  return { server, peer, agent: server.agent() }
}

describe('an answer by form_post', () => {
  const CROSS_SITE = { 'sec-fetch-site': 'cross-site', origin: 'https://appleid.apple.com' }

  async function formOf(agent: Agent, page: Page) {
    const there = locationOf(await agent.request(buttonHref(page, 'form'))) ?? ''
    const { action, values } = formWith(await (await fetch(there)).text(), {})
    return { action, form: Object.fromEntries(values) }
  }

  it('goes on by GET, so that the accounts signed in here stay signed in', async () => {
    const { server, peer, agent } = await withFormPost()
    await addUser(server)
    await signIn(agent, await agent.open(LOGIN))
    const { action, form } = await formOf(agent, await agent.open(LOGIN))
    // As a browser sends it: a form of another site brings no SameSite=Lax cookie.
    const jar = new Map(agent.cookies)
    agent.cookies.clear()
    const answer = await agent.request(action, { form, headers: CROSS_SITE })
    expect(answer.status).toBe(303)
    expect([...peer.issued].filter((secret) => (locationOf(answer) ?? '').includes(secret))).toEqual([])
    for (const [name, value] of jar) agent.cookies.set(name, value)
    const page = await agent.open(locationOf(answer) ?? '')
    expect(['janedoe@example.com', 'ada@example.com'].filter((who) => !page.text.includes(who))).toEqual([])
  })

  it('is refused at once where its state is not ours, and keeps nothing', async () => {
    const { agent } = await withFormPost()
    const { action, form } = await formOf(agent, await agent.open(LOGIN))
    const forged = await agent.request(action, { form: { ...form, state: 'forged' }, headers: CROSS_SITE })
    expect([forged.status, reasonOf(forged)]).toEqual([400, 'state_unknown'])
    const altered = await agent.request(`${LOGIN}/form/callback?dw_answer=v1.AAAA.BBBB`)
    expect([altered.status, reasonOf(altered)]).toEqual([400, 'state_expired'])
  })
})
