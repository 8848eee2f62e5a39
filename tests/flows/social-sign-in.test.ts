import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, createAgent, type Page } from '../support/agent.ts'
import {
  answerOf,
  authorizeUrl,
  callbackUri,
  createPkce,
  exchange,
  type Parameters,
  walk,
} from '../support/flow.ts'
import { formsOf } from '../support/forms.ts'
import { freePort } from '../support/port.ts'
import { type OidcStandIn, startOidcProvider } from '../support/providers/oidc.ts'
import {
  type ForeignProvider,
  startForeignProvider,
  walkForeign,
} from '../support/providers/oidc-provider.ts'
import { type Doorward, type RegisteredClient, startDoorward } from '../support/server.ts'

/** The address of a provider's button. */
const buttonOf = (page: Page, provider: string): string => {
  const [, href] = new RegExp(`href="([^"]*/login/${provider}(?:\\?[^"]*)?)"`).exec(page.text) ?? []
  if (href === undefined) throw new Error(`No button of ${provider}:\n${page.text}`)
  return new URL(href.replaceAll('&amp;', '&'), page.url).href
}

describe.each(['', '/auth'])('signing in with a provider, at an issuer with the path "%s"', (path) => {
  let server: Doorward
  let foreign: ForeignProvider
  let peer: OidcStandIn
  let app: RegisteredClient
  let trusted: RegisteredClient

  beforeAll(async () => {
    const port = await freePort()
    const issuer = `http://localhost:${port}${path}`
    ;[foreign, peer] = await Promise.all([startForeignProvider(issuer), startOidcProvider()])
    const providers = [
      { provider: 'oidc', id: 'foreign', name: 'Foreign', ...credentialsOf(foreign) },
      { provider: 'oidc', id: 'peer', name: 'Peer & Co', ...credentialsOf(peer) },
    ]
    server = await startDoorward({
      database: 'sqlite',
      config: { providers },
      flags: ['--port', String(port), '--issuer', issuer],
    })
    ;[app, trusted] = await Promise.all([
      server.createClient({ redirect_uris: [callbackUri], client_name: 'Orders' }),
      server.createClient({ redirect_uris: [callbackUri], trusted: true }),
    ])
  })
  afterAll(async () => {
    await server.stop()
    await Promise.all([foreign.stop(), peer.stop()])
  })

  const credentialsOf = ({ issuer, clientId, clientSecret }: ForeignProvider | OidcStandIn) => ({
    issuer,
    clientId,
    clientSecret,
  })
  const pkce = createPkce()
  const url = (client: RegisteredClient, more: Parameters = {}) =>
    authorizeUrl(server, {
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: callbackUri,
      scope: 'openid email',
      state: 'kept as it came ✓ & =',
      code_challenge: pkce.challenge,
      code_challenge_method: 'S256',
      ...more,
    })
  /** From the sign-in page to the provider's address. */
  const leave = async (agent: Agent, page: Page, provider: string): Promise<URL> => {
    const leaving = await agent.request(buttonOf(page, provider))
    expect(leaving.status).toBe(303)
    return new URL(agent.location(leaving) ?? '')
  }
  /** From the app's request to what the app gets, at the provider that lets its one person in. */
  const throughPeer = async (agent: Agent, address: string): Promise<Page> => {
    const there = await leave(agent, await agent.open(address), 'peer')
    return agent.open(agent.location(await agent.request(there.href)) ?? '')
  }
  const noUser = { email: '', password: '' }
  const tokensOf = async (answer: URL) => {
    const code = answer.searchParams.get('code') ?? ''
    const { body } = await exchange(server, app, { code, pkce, redirectUri: callbackUri })
    return decodeJwt(String(body.id_token))
  }

  it('goes to the provider, its consent, ours, and the app, as after a password', async () => {
    const agent = createAgent()
    const there = await leave(agent, await agent.open(url(app)), 'foreign')
    expect(there.searchParams.get('redirect_uri')).toBe(`${server.issuer}/login/foreign/callback`)
    const back = await walkForeign(agent, there.href, 'ada')
    const consent = await agent.open(agent.location(back) ?? '')
    expect(consent.text).toContain('ada@example.com')
    const answer = answerOf(agent, await walk(agent, consent, noUser))
    expect(answer.searchParams.get('state')).toBe('kept as it came ✓ & =')
    expect(await tokensOf(answer)).toMatchObject({ acr: 'aal1', auth_time: expect.any(Number) })
    expect(foreign.complaints).toEqual([])
    // The session is one like any other.
    expect(answerOf(agent, await agent.open(url(app, { prompt: 'none' }))).searchParams.has('code')).toBe(
      true,
    )
  })

  it('has the buttons before the form, and the providers in form-action', async () => {
    const page = await createAgent().open(url(app))
    expect(page.text).toContain('Sign in with <bdi>Peer &amp; Co</bdi>')
    expect(page.text.indexOf('/login/peer')).toBeLessThan(page.text.indexOf('name="email"'))
    const policy = page.headers.get('content-security-policy') ?? ''
    const [, targets = ''] = /form-action ([^;]*)/.exec(policy) ?? []
    expect(targets.split(' ')).toEqual(["'self'", new URL(callbackUri).origin, foreign.issuer, peer.issuer])
    expect(page.text).not.toMatch(/ style=|<style|<script/)
  })

  it('ends at the account page where no app asked', async () => {
    const page = await throughPeer(createAgent(), `${server.issuer}/login`)
    expect([page.url, page.text.includes('janedoe@example.com')]).toEqual([`${server.issuer}/account`, true])
  })

  it('hands login_hint and acr_values on, and never prompt=none', async () => {
    const agent = createAgent()
    const more = { login_hint: 'ada@example.com', acr_values: 'urn:a urn:b' }
    const there = await leave(agent, await agent.open(url(app, more)), 'peer')
    expect(Object.fromEntries(there.searchParams)).toMatchObject(more)
    expect(there.searchParams.has('prompt')).toBe(false)
    // Without a session nobody is asked anything, not even at the address of the button itself.
    const silent = url(app, { prompt: 'none' })
    expect(answerOf(agent, await agent.open(silent)).searchParams.get('error')).toBe('login_required')
    const button = silent.replace('/oauth/authorize', '/login/peer')
    expect(answerOf(agent, await agent.open(button)).searchParams.get('error')).toBe('login_required')
  })

  it('prompt=login makes the provider ask again, and its auth_time becomes ours', async () => {
    const agent = createAgent()
    await throughPeer(agent, url(trusted))
    const again = await agent.open(url(app, { prompt: 'login' }))
    expect(again.text).toContain('Confirm it is you')
    const there = await leave(agent, again, 'peer')
    expect(there.searchParams.get('prompt')).toBe('login')
    expect(there.searchParams.get('max_age')).toMatch(/^\d+$/)
    const consent = await agent.open(agent.location(await agent.request(there.href)) ?? '')
    const { auth_time: at } = await tokensOf(answerOf(agent, await walk(agent, consent, noUser)))
    expect(Math.abs(Number(at) - Date.now() / 1000)).toBeLessThan(60)
  })

  it('max_age is handed on', async () => {
    const agent = createAgent()
    const there = await leave(agent, await agent.open(url(app, { max_age: '60' })), 'peer')
    expect([there.searchParams.get('max_age'), there.searchParams.get('prompt')]).toEqual(['60', null])
  })

  it('who refuses at the provider is back on the sign-in page, with a word about it and the request intact', async () => {
    const agent = createAgent()
    const there = await leave(agent, await agent.open(url(trusted)), 'foreign')
    const asked = await agent.open(there.href)
    const [, abort = ''] = /href="([^"]+\/abort)"/.exec(asked.text) ?? []
    const back = await agent.open(abort)
    const page = await agent.open(agent.location(back) ?? '')
    expect([page.status, new URL(page.url).pathname]).toEqual([200, `${path}/login`])
    expect(page.text).toContain('You are not signed in with <bdi>Foreign</bdi>')
    expect(formsOf(page.text).some(({ names }) => names.has('password'))).toBe(true)
    // From there it goes on with another provider.
    const onward = await leave(agent, page, 'peer')
    const answer = await agent.open(agent.location(await agent.request(onward.href)) ?? '')
    expect(answerOf(agent, answer).searchParams.has('code')).toBe(true)
  })

  it('a request longer than a cookie comes through', async () => {
    const agent = createAgent()
    const state = 's'.repeat(6000)
    const page = await throughPeer(agent, url(trusted, { state }))
    expect(answerOf(agent, page).searchParams.get('state')).toBe(state)
  })

  it('two tabs each finish, and the callback opened again leads on to the app', async () => {
    const agent = createAgent()
    const [one, two] = [
      await leave(agent, await agent.open(url(trusted, { state: 'one' })), 'peer'),
      await leave(agent, await agent.open(url(trusted, { state: 'two' })), 'peer'),
    ]
    const callbacks = [
      agent.location(await agent.request(one.href)) ?? '',
      agent.location(await agent.request(two.href)) ?? '',
    ]
    for (const [at, state] of ['one', 'two'].entries()) {
      const answer = answerOf(agent, await agent.open(callbacks[at] ?? ''))
      expect([answer.searchParams.get('state'), answer.searchParams.has('code')]).toEqual([state, true])
    }
    const repeated = answerOf(agent, await agent.open(callbacks[0] ?? ''))
    expect([repeated.searchParams.get('state'), repeated.searchParams.has('code')]).toEqual(['one', true])
  })
})
