import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type ClientApp, startClientApp } from '../support/client-app.ts'
import { authorizeUrl, createPkce, encode, exchange } from '../support/flow.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'
import { type Complaints, expectAccessible, watch } from '../support/watch-page.ts'

let server: Doorward
let browser: Browser
let web: ClientApp
let app: RegisteredClient
let trusted: RegisteredClient
let user: TestUser

beforeAll(async () => {
  ;[server, browser, web] = await Promise.all([
    startDoorward({ database: 'sqlite' }),
    launchBrowser(),
    startClientApp(),
  ])
  const uris = { redirect_uris: [web.redirectUri], post_logout_redirect_uris: [`${web.origin}/bye`] }
  ;[user, app, trusted] = await Promise.all([
    server.createUser({ name: 'Ada Lovelace' }),
    server.createClient({ ...uris, client_name: 'Orders' }),
    server.createClient({ ...uris, client_name: 'Invoices', trusted: true }),
  ])
})
afterAll(() => Promise.all([browser.close(), web.close()]).then(() => server.stop()))

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('the pages in Chromium %s', (_title, javaScriptEnabled) => {
  let context: BrowserContext
  let page: Page
  let complaints: Complaints

  beforeEach(async () => {
    context = await browser.newContext({ javaScriptEnabled })
    complaints = watch(context)
    page = await context.newPage()
  })
  afterEach(async () => {
    // Each page's own CSP forbids whatever the page did not mean to load; a violation is a complaint.
    complaints.expectNone()
    await context.close()
  })

  const request = (client: RegisteredClient, more: Record<string, string> = {}) => {
    const pkce = createPkce()
    const url = authorizeUrl(server, {
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: web.redirectUri,
      scope: 'openid email offline_access',
      state: 'of the app',
      code_challenge: pkce.challenge,
      code_challenge_method: 'S256',
      ...more,
    })
    return { url, pkce }
  }

  const fillIn = async (password = user.password) => {
    await page.fill('input[name=email]', user.email)
    await page.fill('input[name=password]', password)
    await page.click('button[type=submit]')
  }

  const arrive = async (act: () => Promise<unknown>) => {
    const arrival = web.next()
    await act()
    return arrival
  }

  const redeem = async (
    client: RegisteredClient,
    code: string | null,
    pkce: ReturnType<typeof createPkce>,
  ) => {
    const authorized = { code: code ?? '', pkce, redirectUri: web.redirectUri }
    return (await exchange(server, client, authorized)).status
  }

  it('sign in, read the consent, allow: back at the app with a code that is good', async () => {
    const { url, pkce } = request(app, { prompt: 'consent' })
    await page.goto(url)
    await expectAccessible(page, javaScriptEnabled)
    expect(await page.textContent('body')).toContain('Orders')
    await fillIn()
    await page.waitForSelector('button[value=allow]')
    await expectAccessible(page, javaScriptEnabled)
    expect(await page.textContent('body')).toContain(user.email)
    const { parameters } = await arrive(() => page.click('button[value=allow]'))
    expect(parameters.get('state')).toBe('of the app')
    expect(await redeem(app, parameters.get('code'), pkce)).toBe(200)
  })

  it('deny the consent: back at the app with access_denied', async () => {
    await page.goto(request(app, { prompt: 'consent' }).url)
    await fillIn()
    await page.waitForSelector('button[value=deny]')
    const { parameters } = await arrive(() => page.click('button[value=deny]'))
    expect(parameters.get('error')).toBe('access_denied')
    expect(parameters.get('state')).toBe('of the app')
  })

  it('a wrong password re-shows the form with the e-mail kept and says so; then the right one works', async () => {
    await page.goto(request(trusted).url)
    await fillIn('this is not it')
    await page.waitForSelector('[role=alert], [aria-invalid=true]')
    await expectAccessible(page, javaScriptEnabled)
    expect(await page.inputValue('input[name=email]')).toBe(user.email)
    expect(await page.inputValue('input[name=password]')).toBe('')
    const { parameters } = await arrive(() => fillIn())
    expect(parameters.get('code')).not.toBeNull()
  })

  it('choose an account: the one signed in, or another one', async () => {
    await page.goto(request(trusted).url)
    await arrive(() => fillIn())
    await page.goto(request(trusted, { prompt: 'select_account' }).url)
    await expectAccessible(page, javaScriptEnabled)
    const { parameters } = await arrive(() => page.getByText(user.email).first().click())
    expect(parameters.get('code')).not.toBeNull()
  })

  it('response_mode=form_post carries the code home, by itself where scripts run, by a button where not', async () => {
    const { url, pkce } = request(trusted, { response_mode: 'form_post' })
    await page.goto(url)
    const { method, parameters } = await arrive(async () => {
      await fillIn()
      if (javaScriptEnabled) return
      await page.waitForSelector(`form[action="${web.redirectUri}"]`)
      await expectAccessible(page, javaScriptEnabled)
      await page.click('button[type=submit]')
    })
    expect(method).toBe('POST')
    expect(parameters.get('state')).toBe('of the app')
    expect(await redeem(trusted, parameters.get('code'), pkce)).toBe(200)
  })

  it('logout asks, ends the session, and says so', async () => {
    await page.goto(`${server.issuer}/login`)
    await fillIn()
    await page.waitForURL(`${server.issuer}/account`)
    await expectAccessible(page, javaScriptEnabled)
    expect(await page.textContent('body')).toContain(user.email)
    await page.goto(`${server.issuer}/oauth/logout`)
    await expectAccessible(page, javaScriptEnabled)
    await page.click('button[value=logout]')
    await page.waitForLoadState()
    await expectAccessible(page, javaScriptEnabled)
    await page.goto(`${server.issuer}/account`)
    expect(await page.textContent('body')).not.toContain(user.email)
  })

  it('logout goes back to the app where the app asks for it', async () => {
    await page.goto(request(trusted).url)
    await arrive(() => fillIn())
    const back = encode({
      client_id: trusted.client_id,
      post_logout_redirect_uri: `${web.origin}/bye`,
      state: 's',
    })
    await page.goto(`${server.issuer}/oauth/logout?${back}`)
    await page.click('button[value=logout]')
    await page.waitForURL(`${web.origin}/bye?state=s`)
  })

  it('a request posted across sites reaches the person’s session all the same', async () => {
    await page.goto(request(trusted).url)
    await arrive(() => fillIn())
    const { searchParams } = new URL(request(trusted).url)
    const inputs = [...searchParams].map(
      ([name, value]) => `<input type=hidden name="${name}" value="${value}">`,
    )
    const form = `<form method=post action="${server.issuer}/oauth/authorize">${inputs.join('')}<button>Go</button></form>`
    await page.route('https://shop.example/', (route) =>
      route.fulfill({ contentType: 'text/html', body: form }),
    )
    await page.goto('https://shop.example/')
    const { parameters } = await arrive(() => page.click('button'))
    expect(parameters.get('code')).not.toBeNull()
  })

  it('an error page says what is wrong, and is accessible', async () => {
    await page.goto(request(app, { redirect_uri: 'https://evil.example/' }).url)
    await expectAccessible(page, javaScriptEnabled)
    expect(await page.textContent('body')).not.toMatch(/oops/i)
  })

  it('a double click, back after a sign-in and a reload all end well', async () => {
    const atTheApp = () => page.waitForURL((url) => url.href.startsWith(web.redirectUri))
    await page.goto(request(trusted).url)
    await page.fill('input[name=email]', user.email)
    await page.fill('input[name=password]', user.password)
    await page.dblclick('button[type=submit]')
    await atTheApp()
    await page.goBack()
    await page.reload()
    if ((await page.$('input[name=password]')) !== null) {
      await fillIn()
      await atTheApp()
    }
    await page.goto(`${server.issuer}/account`)
    expect(await page.textContent('body')).toContain(user.email)
  })
})
