import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type OidcStandIn, startOidcProvider } from '../../../../tests/support/providers/oidc.ts'
import { appFor, BASE_URL, optionsFor } from '../app.ts'
import { openBrowser } from '../browser.ts'

let provider: OidcStandIn
/** The stand-in is on loopback, which an app elsewhere must name. */
const loopback = () => ({ allowPrivateHosts: [new URL(provider.issuer).host] })

beforeAll(async () => {
  provider = await startOidcProvider()
})
beforeEach(() => provider.misbehave(null))
afterAll(() => provider.stop())

describe('a sign-in', () => {
  it('ends in a session with who it is, at the path that was asked for', async () => {
    const browser = appFor(provider).browser()
    const answer = await browser.signIn('/login/oidc?return_to=/orders?page=2')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/orders?page=2'])
    expect(await browser.session()).toMatchObject({
      userId: null,
      user: {
        provider: 'oidc',
        subject: '248289761001',
        email: 'janedoe@example.com',
        emailVerified: true,
        name: 'Jane Doe',
        claims: { sub: '248289761001', email: 'janedoe@example.com' },
      },
    })
  })

  it('asks with code, PKCE by S256, state and nonce, RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1', async () => {
    const started = await appFor(provider).browser().ask('/login/oidc')
    const url = new URL(started.headers.get('location') ?? '')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: provider.clientId,
      redirect_uri: `${BASE_URL}/login/oidc/callback`,
      scope: 'openid profile email',
      state: expect.stringMatching(/^[\w-]{74}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    'https://evil.example',
    '/%0d%0aa',
    'a',
    `/${'x'.repeat(512)}`,
  ])('goes to afterSignIn instead of %s, which is no path of the app (RFC 9700 §4.11)', async (returnTo) => {
    const browser = appFor(provider, { afterSignIn: '/home' }).browser()
    const decoded = returnTo === '/%0d%0aa' ? '/\r\na' : returnTo
    const answer = await browser.signIn(`/login/oidc?${new URLSearchParams({ return_to: decoded })}`)
    expect(answer.headers.get('location')).toBe('/home')
  })

  it.each([
    ['/orders/日本?q=ä', '/orders/%E6%97%A5%E6%9C%AC?q=%C3%A4'],
    ['/a%2Fb?c=d&e#f', '/a%2Fb?c=d&e#f'],
  ])('goes to %s, in ASCII and otherwise as it was asked for', async (returnTo, location) => {
    const browser = appFor(provider).browser()
    const answer = await browser.signIn(`/login/oidc?${new URLSearchParams({ return_to: returnTo })}`)
    expect(answer.headers.get('location')).toBe(location)
  })

  it('gives the session cookie by the rules: HttpOnly, Lax, a name of its own for each base URL', async () => {
    const answer = await appFor(provider).browser().signIn('/login/oidc')
    const line = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('dw-session-'))
    expect(line).toMatch(/^dw-session-[0-9a-f]{4}=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1209600$/)
  })

  it('takes several tabs at once, each to its own place', async () => {
    const browser = appFor(provider).browser()
    const callbacks = [
      await browser.begin('/login/oidc?return_to=/a'),
      await browser.begin('/login/oidc?return_to=/b'),
      await browser.begin('/login/oidc?return_to=/c'),
    ]
    const answers = await Promise.all(callbacks.toReversed().map((callback) => browser.ask(callback)))
    expect(answers.map(({ headers }) => headers.get('location'))).toEqual(['/c', '/b', '/a'])
  })

  it('lives at paths of its own, without the id where there is one provider', async () => {
    const paths = { login: '/login', callback: '/login/authorized', logout: '/bye' }
    const browser = appFor(provider, { paths }).browser()
    const callback = await browser.begin('/login?return_to=/orders')
    expect(callback.startsWith(`${BASE_URL}/login/authorized?`)).toBe(true)
    expect((await browser.ask(callback)).headers.get('location')).toBe('/orders')
    expect((await browser.session())?.user.provider).toBe('oidc')
    await browser.ask('/bye')
    expect(await browser.session()).toBeNull()
  })

  it('is begun by a form too, and by nothing else', async () => {
    const browser = appFor(provider).browser()
    expect((await browser.ask('/login/oidc', { method: 'POST' })).status).toBe(303)
    expect((await browser.ask('/login/oidc', { method: 'DELETE' })).status).toBe(405)
    expect((await browser.ask('/login/oidc/callback', { method: 'HEAD' })).status).toBe(405)
  })

  it('is offered for no other provider', async () => {
    const { browser, errors } = appFor(provider)
    expect((await browser().ask('/login/elsewhere')).status).toBe(404)
    expect(errors[0]?.code).toBe('unknown_provider')
  })
})

describe('an answer that comes a second time', () => {
  it('leads on whoever is signed in, and asks the provider nothing', async () => {
    const { browser } = appFor(provider)
    const one = browser()
    const callback = await one.begin('/login/oidc?return_to=/orders')
    await one.ask(callback)
    const asked = provider.seen.length
    const again = await one.ask(callback)
    expect([again.status, again.headers.get('location')]).toEqual([303, '/orders'])
    expect(provider.seen).toHaveLength(asked)
  })

  it('is told from a lost cookie where nobody is signed in', async () => {
    const { browser, errors } = appFor(provider)
    const one = browser()
    const callback = await one.begin('/login/oidc')
    await one.ask(callback)
    for (const name of one.cookies.keys()) if (name.startsWith('dw-session')) one.cookies.delete(name)
    expect((await one.ask(callback)).status).toBe(409)
    expect(errors[0]?.code).toBe('state_used')
  })

  it('is refused with the first cookie put back: a state works once, RFC 6749 §10.12', async () => {
    const { browser, errors } = appFor(provider)
    const one = browser()
    const callback = await one.begin('/login/oidc')
    const before = new Map(one.cookies)
    await one.ask(callback)
    one.cookies.clear()
    for (const [name, value] of before) one.cookies.set(name, value)
    expect((await one.ask(callback)).status).toBe(409)
    expect(errors.map(({ code }) => code)).toEqual(['state_used'])
    expect(await one.session()).toBeNull()
  })
})

describe('two requests with one answer at once', () => {
  it('both lead on with the same session: of a double click the browser follows the second', async () => {
    const { browser, errors } = appFor(provider)
    const one = browser()
    const callback = await one.begin('/login/oidc?return_to=/orders')
    const asked = provider.seen.length
    const answers = await Promise.all([one.ask(callback), one.ask(callback), one.ask(callback)])
    expect(answers.map(({ headers }) => headers.get('location'))).toEqual(['/orders', '/orders', '/orders'])
    const cookies = answers.map(({ headers }) => headers.getSetCookie().join())
    expect(new Set(cookies).size).toBe(1)
    expect(cookies[0]).toContain('dw-session-')
    expect(provider.seen.slice(asked).filter(({ path }) => path === '/token')).toHaveLength(1)
    expect(errors).toEqual([])
    expect(await one.session()).not.toBeNull()
  })

  it('where one has another code, it is refused: a state works once', async () => {
    const { browser, errors } = appFor(provider)
    const one = browser()
    const callback = await one.begin('/login/oidc')
    const forged = callback.replace(/code=[^&]+/, 'code=another')
    const [first, second] = await Promise.all([one.ask(callback), one.ask(forged)])
    expect([first.status, second.status]).toEqual([303, 409])
    expect(errors.map(({ code }) => code)).toEqual(['state_used'])
    expect(await one.session()).not.toBeNull()
  })
})

describe('a sign-in that failed', () => {
  const failing = async (path: string) => {
    const { browser, errors } = appFor(provider)
    const one = browser()
    await one.signIn('/login/oidc')
    provider.misbehave('invalid-grant')
    const callback = await one.begin(path)
    const failed = await one.ask(callback)
    provider.misbehave(null)
    return { one, errors, callback, page: await failed.text() }
  }

  it('says so again when its page is reloaded, whoever was signed in before', async () => {
    const { one, errors, callback } = await failing('/login/oidc')
    const again = await one.ask(callback)
    expect(again.status).toBe(409)
    expect(await again.text()).toContain('This sign-in has failed already')
    expect(errors.map(({ code }) => code)).toEqual(['code_refused', 'state_failed'])
    expect(await one.session()).not.toBeNull()
  })

  it('starts again to the same place', async () => {
    const { one, callback, page } = await failing('/login/oidc?return_to=/orders?page=2')
    const link = 'href="/login/oidc?return_to=%2Forders%3Fpage%3D2"'
    expect(page).toContain(link)
    expect(await (await one.ask(callback)).text()).toContain(link)
  })

  it('starts again to the same place where the provider is not even reached', async () => {
    const { providers } = optionsFor(provider)
    const away = providers.map((one) => ({ ...one, issuer: 'http://localhost:1' }))
    const answer = await appFor(provider, { providers: away }).browser().ask('/login/oidc?return_to=/orders')
    expect(await answer.text()).toContain('href="/login/oidc?return_to=%2Forders"')
  })
})

describe('an answer whose state is not of this browser', () => {
  it("is refused in another's browser: login CSRF, RFC 6749 §10.12", async () => {
    const { browser, errors } = appFor(provider)
    const callback = await browser().begin('/login/oidc')
    const victim = browser()
    expect((await victim.ask(callback)).status).toBe(400)
    expect(errors[0]?.code).toBe('state_cookie_lost')
    expect(await victim.session()).toBeNull()
  })

  it('is refused with the code of another tab: the verifier and the nonce are its own', async () => {
    const { browser, errors } = appFor(provider)
    const one = browser()
    const [first, second] = [new URL(await one.begin('/login/oidc')), new URL(await one.begin('/login/oidc'))]
    first.searchParams.set('code', second.searchParams.get('code') ?? '')
    expect((await one.ask(first.href)).status).toBe(400)
    expect(errors[0]?.code).toBe('code_refused')
  })

  it('says that the sign-in began under another host name', async () => {
    const { signIn, browser, errors } = appFor(provider)
    const elsewhere = openBrowser(signIn, 'http://127.0.0.1:3000')
    await browser().ask(await elsewhere.begin('/login/oidc'))
    expect(errors[0]?.code).toBe('state_cookie_host')
  })

  it.each([
    ['a proxy says so', { 'x-forwarded-proto': 'http' }],
    ['the socket is plain and there is no proxy', {}],
  ])('says that it began over http: %s', async (_title, headers) => {
    const { signIn, browser, errors } = appFor(provider, {
      baseUrl: 'https://app.example.com',
      ...loopback(),
    })
    const plain = openBrowser(signIn, 'http://app.example.com')
    await browser().ask(await plain.begin('/login/oidc', { headers }))
    expect(errors[0]?.code).toBe('state_cookie_http')
  })

  it('says nothing of http behind a proxy that speaks https to the browser, or is silent', async () => {
    for (const headers of [{ 'x-forwarded-proto': 'https' }, { 'x-forwarded-for': '192.0.2.1' }]) {
      const { signIn, browser, errors } = appFor(provider, {
        baseUrl: 'https://app.example.com',
        ...loopback(),
      })
      const proxied = openBrowser(signIn, 'http://app.example.com')
      await browser().ask(await proxied.begin('/login/oidc', { headers }))
      expect(errors[0]?.code).toBe('state_cookie_lost')
    }
  })

  it('says that SameSite explains it where the provider answered by a form', async () => {
    const { browser, errors } = appFor(provider)
    const callback = new URL(await browser().begin('/login/oidc'))
    await browser().ask(callback.pathname, { method: 'POST', body: callback.searchParams })
    expect(errors[0]?.code).toBe('state_cookie_same_site')
  })

  it('is refused after ten minutes, and where its state is made up', async () => {
    let now = Math.floor(Date.now() / 1000)
    const { browser, errors } = appFor(provider, { clock: () => now })
    const one = browser()
    const callback = await one.begin('/login/oidc')
    now += 601
    await one.ask(callback)
    await one.ask('/login/oidc/callback?code=c&state=made-up')
    expect(errors.map(({ code }) => code)).toEqual(['state_expired', 'state_unknown'])
  })

  it("is refused at another provider's callback (mix-up, RFC 9700 §4.4)", async () => {
    const { providers } = optionsFor(provider)
    const second = providers.map((one) => ({ ...one, id: 'second' }))
    const { browser, errors } = appFor(provider, { providers: [...providers, ...second] })
    const one = browser()
    const callback = await one.begin('/login/oidc')
    await one.ask(callback.replace('/login/oidc/', '/login/second/'))
    expect(errors[0]?.code).toBe('state_other_provider')
  })

  it('does not begin by an image or a script of another page', async () => {
    const { browser, errors } = appFor(provider)
    const answer = await browser().ask('/login/oidc', {
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    })
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(errors[0]?.code).toBe('cross_site_request')
  })
})
