import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { formWith } from '../../../../tests/support/forms.ts'
import { type OidcStandIn, startOidcProvider } from '../../../../tests/support/providers/oidc.ts'
import type { ClientStore } from '../../src/index.ts'
import { sqliteStore } from '../../src/stores/sqlite.ts'
import { appFor, BASE_URL } from '../app.ts'

let provider: OidcStandIn
let folder: string
let store: ClientStore

beforeAll(async () => {
  provider = await startOidcProvider()
  folder = await mkdtemp(join(tmpdir(), 'doorward-test-'))
  store = sqliteStore({ file: join(folder, 'sessions.db') })
})
beforeEach(() => provider.misbehave(null))
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
  await provider.stop()
})

const revoked = (since: number) => provider.seen.slice(since).filter(({ path }) => path === '/revoke')

describe('signing out', () => {
  it('ends the session, revokes its tokens, and goes on to the provider (RP-Initiated Logout §2)', async () => {
    const browser = appFor(provider, { store, afterSignOut: '/bye' }).browser()
    await browser.signIn('/login/oidc')
    const since = provider.seen.length
    const answer = await browser.ask('/logout', { method: 'POST' })
    expect(answer.status).toBe(303)
    const url = new URL(answer.headers.get('location') ?? '')
    expect(url.origin + url.pathname).toBe(`${provider.issuer}/logout`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: provider.clientId,
      post_logout_redirect_uri: `${BASE_URL}/bye`,
      id_token_hint: expect.stringMatching(/^ey/),
    })
    expect(revoked(since)).toHaveLength(2)
    expect(await browser.session()).toBeNull()
    expect([...browser.cookies.keys()].filter((name) => name.startsWith('dw-session'))).toEqual([])
  })

  it('goes on to the provider for both clicks of a double click, of which the browser follows the second', async () => {
    const browser = appFor(provider, { store }).browser()
    await browser.signIn('/login/oidc')
    const cookies = new Map(browser.cookies)
    const first = await browser.ask('/logout', { method: 'POST' })
    for (const [name, value] of cookies) browser.cookies.set(name, value)
    const second = await browser.ask('/logout', { method: 'POST' })
    for (const { headers } of [first, second]) {
      expect(headers.get('location')).toContain(`${provider.issuer}/logout?`)
    }
  })

  it('leaves nothing behind that an old cookie would open', async () => {
    const browser = appFor(provider, { store }).browser()
    await browser.signIn('/login/oidc')
    const before = new Map(browser.cookies)
    await browser.ask('/logout')
    for (const [name, value] of before) browser.cookies.set(name, value)
    expect(await browser.session()).toBeNull()
  })

  it('stays here where the app wants it so', async () => {
    const browser = appFor(provider, { store, signOutAtProvider: false, afterSignOut: '/bye' }).browser()
    await browser.signIn('/login/oidc')
    expect((await browser.ask('/logout')).headers.get('location')).toBe('/bye')
  })

  it('revokes nothing where the app wants it so', async () => {
    const browser = appFor(provider, { store, revokeAtSignOut: false }).browser()
    await browser.signIn('/login/oidc')
    const since = provider.seen.length
    expect((await browser.ask('/logout')).status).toBe(303)
    expect(revoked(since)).toEqual([])
    expect(await browser.session()).toBeNull()
  })

  it('works while the provider is down', async () => {
    const browser = appFor(provider, { store, signOutAtProvider: false }).browser()
    await browser.signIn('/login/oidc')
    provider.misbehave('token-server-error')
    expect((await browser.ask('/logout')).status).toBe(303)
    expect(await browser.session()).toBeNull()
  })

  it('works where nobody is signed in, and where the session is in the cookie', async () => {
    expect((await appFor(provider).browser().ask('/logout')).headers.get('location')).toBe('/')
    const browser = appFor(provider).browser()
    await browser.signIn('/login/oidc')
    const { searchParams } = new URL((await browser.ask('/logout')).headers.get('location') ?? '')
    expect([...searchParams.keys()].toSorted()).toEqual(['client_id', 'post_logout_redirect_uri'])
    expect(await browser.session()).toBeNull()
  })

  it.each([
    ['a form of another site', { method: 'POST', headers: { origin: 'https://evil.example' } }],
    ['a form without an origin', { method: 'POST', headers: { origin: 'null' } }],
    ['a form of a sibling host', { method: 'POST', headers: { 'sec-fetch-site': 'same-site' } }],
  ])('is not done for %s (CSRF)', async (_title, init) => {
    const { browser, errors } = appFor(provider, { store })
    const one = browser()
    await one.signIn('/login/oidc')
    expect((await one.ask('/logout', init)).status).toBe(403)
    expect(errors[0]?.code).toBe('cross_site_request')
    expect(await one.session()).not.toBeNull()
  })

  it.each([
    ['form', { method: 'POST', headers: { origin: BASE_URL, 'sec-fetch-site': 'same-origin' } }],
    [
      'form under no-referrer',
      { method: 'POST', headers: { origin: 'null', 'sec-fetch-site': 'same-origin' } },
    ],
    ['link', { headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' } }],
    ['script', { headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' } }],
    ['link in an older browser', { headers: { referer: `${BASE_URL}/account` } }],
    ['link under no-referrer in an older browser', {}],
  ])("is done for the app's own %s", async (_title, init) => {
    const browser = appFor(provider, { store }).browser()
    await browser.signIn('/login/oidc')
    expect((await browser.ask('/logout', init)).status).toBe(303)
    expect(await browser.session()).toBeNull()
  })
})

describe('a link to the sign-out that is not the app’s own', () => {
  const fromMail = { headers: { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' } }

  it.each([
    ['in a mail', fromMail],
    ['of another site', { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } }],
    ['of a sibling host', { headers: { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' } }],
    ['of another site, in an older browser', { headers: { referer: 'https://evil.example/' } }],
    ['without an address, in an older browser', { headers: { referer: 'about:blank' } }],
    [
      'that a browser fetches ahead',
      { headers: { 'sec-fetch-site': 'same-origin', 'sec-purpose': 'prefetch;prerender' } },
    ],
    [
      'that is a picture on a page',
      { headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'no-cors' } },
    ],
  ])('%s ends nothing, and asks', async (_title, init) => {
    const { browser, errors } = appFor(provider, { store })
    const one = browser()
    await one.signIn('/login/oidc')
    const since = provider.seen.length
    const page = await one.ask('/logout', init)
    expect([page.status, page.headers.getSetCookie()]).toEqual([200, []])
    expect(await page.text()).toContain('You are signed in as janedoe@example.com.')
    expect(await one.session()).not.toBeNull()
    expect([revoked(since), errors]).toEqual([[], []])
  })

  it('leads to a form that signs out, here and at the provider', async () => {
    const one = appFor(provider, { store }).browser()
    await one.signIn('/login/oidc')
    const page = await one.ask('/logout', fromMail)
    // The browser follows the form's answer to the provider only where the policy lets it, and names the form's origin.
    expect(page.headers.get('content-security-policy')).toContain(
      "form-action 'self' https: http://localhost:*",
    )
    expect(page.headers.get('referrer-policy')).toBe('same-origin')
    const { action, method, buttons } = formWith(await page.text(), { decision: 'logout' })
    expect([action, method, buttons]).toEqual(['/logout', 'post', [{ name: 'decision', value: 'logout' }]])
    const answer = await one.ask(action, { method, headers: { origin: BASE_URL } })
    expect(answer.headers.get('location')).toContain(`${provider.issuer}/logout?`)
    expect(await one.session()).toBeNull()
  })

  it('shows whatever the provider calls the person as text', async () => {
    const claims = { sub: '1', email: '<img src=x onerror=alert(1)>@example.com' }
    const another = await startOidcProvider({ user: claims })
    const one = appFor(another, { store, afterSignIn: '/?a="b"' }).browser()
    await one.signIn('/login/oidc')
    const text = await (await one.ask('/logout', fromMail)).text()
    await another.stop()
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(text).toContain('href="/?a=&quot;b&quot;"')
  })

  it('asks nobody who is not signed in', async () => {
    const answer = await appFor(provider, { store, afterSignOut: '/bye' }).browser().ask('/logout', fromMail)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/bye'])
  })
})

describe('ending sessions by the app', () => {
  it('ends one, or all of an account, and revokes their tokens', async () => {
    const { browser, signIn } = appFor(provider, { store })
    const [one, two, three] = [browser(), browser(), browser()]
    for (const each of [one, two, three]) await each.signIn('/login/oidc')
    const session = await one.session()
    if (session === null) throw new Error('nobody is signed in')
    const since = provider.seen.length
    await signIn.endSession(session)
    expect([await one.session(), (await two.session())?.userId]).toEqual([null, null])
    expect(revoked(since)).toHaveLength(2)
    await signIn.endAllSessions(session.user)
    expect([await two.session(), await three.session()]).toEqual([null, null])
    expect(revoked(since).length).toBeGreaterThanOrEqual(6)
  })
})

describe('tokens after the sign-in', () => {
  it('are at hand while the session lives', async () => {
    const { browser, signIn } = appFor(provider, { store })
    const one = browser()
    await one.signIn('/login/oidc')
    const session = await one.session()
    if (session === null) throw new Error('nobody is signed in')
    const answer = await signIn.tokenFetch(session)(`${provider.issuer}/userinfo`)
    expect(await answer.json()).toMatchObject({ email: 'janedoe@example.com' })
    expect(provider.issued).toContain(await signIn.getAccessToken(session))
    await one.ask('/logout')
    await expect(signIn.getAccessToken(session)).rejects.toMatchObject({ code: 'session_missing' })
  })

  it('are not kept without a store', async () => {
    const { browser, signIn } = appFor(provider)
    const one = browser()
    await one.signIn('/login/oidc')
    const session = await one.session()
    await expect(signIn.getAccessToken(session ?? { ref: '' })).rejects.toMatchObject({
      code: 'tokens_not_kept',
    })
  })
})
