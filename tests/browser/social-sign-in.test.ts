import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type ClientApp, startClientApp } from '../support/client-app.ts'
import { authorizeUrl, createPkce } from '../support/flow.ts'
import { freePort } from '../support/port.ts'
import { type ForeignProvider, startForeignProvider } from '../support/providers/oidc-provider.ts'
import { type Doorward, type RegisteredClient, startDoorward } from '../support/server.ts'
import { type Complaints, expectAccessible, watch } from '../support/watch-page.ts'

let server: Doorward
let foreign: ForeignProvider
let app: ClientApp
let client: RegisteredClient
let browser: Browser

beforeAll(async () => {
  const port = await freePort()
  const issuer = `http://localhost:${port}/auth`
  ;[foreign, app, browser] = await Promise.all([
    startForeignProvider(issuer),
    startClientApp(),
    launchBrowser(),
  ])
  const { clientId, clientSecret } = foreign
  const own = { provider: 'oidc', issuer: foreign.issuer, clientId, clientSecret }
  const others = Array.from({ length: 19 }, (_, at) => ({ ...own, id: `other-${at}`, name: `Other ${at}` }))
  const providers = [{ ...own, id: 'foreign', name: 'Foreign' }, ...others]
  server = await startDoorward({
    database: 'sqlite',
    config: { providers },
    flags: ['--port', String(port), '--issuer', issuer],
  })
  client = await server.createClient({ redirect_uris: [app.redirectUri], client_name: 'Orders' })
})
afterAll(async () => {
  await Promise.all([browser.close(), app.close()])
  await server.stop()
  await foreign.stop()
})

describe('a sign-in with a provider, in Chromium', () => {
  let context: BrowserContext
  let page: Page
  let complaints: Complaints

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 390, height: 844 } })
    // The provider's own page wants a font from elsewhere.
    await context.route('https://fonts.googleapis.com/**', (route) =>
      route.fulfill({ contentType: 'text/css', body: '' }),
    )
    page = await context.newPage()
    complaints = watch(context)
  })
  afterEach(async () => {
    complaints.expectNone()
    await context.close()
  })

  const start = () =>
    page.goto(
      authorizeUrl(server, {
        response_type: 'code',
        client_id: client.client_id,
        redirect_uri: app.redirectUri,
        scope: 'openid email',
        state: 'kept',
        code_challenge: createPkce().challenge,
        code_challenge_method: 'S256',
      }),
    )
  const signInThere = async (login: string) => {
    await page.click('text=Sign in with Foreign')
    await page.fill('input[name=login]', login)
    await page.fill('input[name=password]', 'any')
    await page.click('button[type=submit]')
    await page.click('button[type=submit]')
  }

  it('button, provider, its consent, ours, the app', async () => {
    await start()
    await signInThere('ada')
    await page.waitForSelector('button[value=allow]')
    expect(await page.textContent('body')).toContain('ada@example.com')
    await page.click('button[value=allow]')
    await page.waitForURL(`${app.redirectUri}?**`)
    const { parameters } = app.arrivals.at(-1) ?? {}
    expect([parameters?.has('code'), parameters?.get('state')]).toEqual([true, 'kept'])
    // Back over the provider and forth again: nobody is stuck.
    await page.goBack()
    await page.goBack()
    await start()
    await page.waitForURL(`${app.redirectUri}?**`)
  })

  it.each(['light', 'dark'] as const)(
    'twenty buttons, and no dead end for who refuses, %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme })
      await start()
      expect(await page.isVisible('text=Sign in with Other 18')).toBe(false)
      await page.click('text=More ways to sign in')
      expect(await page.isVisible('text=Sign in with Other 18')).toBe(true)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBeLessThanOrEqual(390)
      for (const button of await page.$$('a.provider')) {
        expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44)
      }
      await expectAccessible(page)
      await page.click('text=Sign in with Foreign')
      await page.click('text=Cancel')
      await page.waitForSelector('text=You are not signed in with Foreign')
      await expectAccessible(page)
      await signInThere('eve')
      await page.waitForSelector('button[value=allow]')
    },
  )

  it('back from the provider is the sign-in page, and two buttons pressed at once are one sign-in', async () => {
    await start()
    await page.click('text=Sign in with Foreign')
    await page.waitForSelector('input[name=login]')
    await page.goBack()
    await page.waitForSelector('text=Sign in with Foreign')
    await page.dblclick('text=Sign in with Foreign')
    await page.waitForSelector('input[name=login]')
    await page.goBack()
    await signInThere('bea')
    await page.waitForSelector('button[value=allow]')
  })

  it('an answer that belongs to no sign-in ends on a page with the way on', async () => {
    await page.goto(`${server.issuer}/login/foreign/callback?code=x&state=forged`)
    expect(await page.textContent('h1')).toBe('This sign-in cannot go on')
    await expectAccessible(page)
    await page.click('summary')
    expect(await page.isVisible('text=state_unknown')).toBe(true)
    await page.click('a.button >> text=Sign in another way')
    await page.waitForSelector('input[name=password]')
  })
})
