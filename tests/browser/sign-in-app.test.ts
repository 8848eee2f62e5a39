import { doorward } from '@doorward/client'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type Doorward, startDoorward, type TestUser } from '../support/server.ts'
import { type SignInApp, startSignInApp } from '../support/sign-in-app.ts'
import { type Complaints, expectAccessible, watch } from '../support/watch-page.ts'

let server: Doorward
let browser: Browser
let app: SignInApp
let user: TestUser

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startDoorward({ database: 'sqlite' }), launchBrowser()])
  app = await startSignInApp(async (origin) => {
    const registered = await server.createClient({
      client_name: 'Orders',
      redirect_uris: [`${origin}/login/doorward/callback`],
      post_logout_redirect_uris: [`${origin}/`],
    })
    const clientSecret = String(registered.client_secret)
    return { providers: [doorward({ issuer: server.issuer, clientId: registered.client_id, clientSecret })] }
  })
})
afterAll(async () => {
  await Promise.all([browser.close(), app.stop()])
  await server.stop()
})

describe('an app whose people sign in with Doorward, in Chromium', () => {
  let context: BrowserContext
  let page: Page
  let complaints: Complaints

  beforeEach(async () => {
    user = await server.createUser({ name: 'Ada Lovelace' })
    context = await browser.newContext()
    complaints = watch(context)
    page = await context.newPage()
  })
  afterEach(async () => {
    complaints.expectNone()
    await context.close()
  })

  const login = `/login/doorward?return_to=/?from=login`
  const sendPassword = async (on: Page) => {
    await on.fill('input[name=email]', user.email)
    await on.fill('input[name=password]', user.password)
    await on.click('button[type=submit]')
  }
  const fillIn = async (on: Page) => {
    await sendPassword(on)
    await on.waitForSelector('button[value=allow]')
  }
  const expectSignedIn = async (on: Page) => {
    await on.waitForURL(`${app.origin}/?from=login`)
    expect(JSON.parse((await on.textContent('body')) ?? '')).toMatchObject({ user: { email: user.email } })
  }

  it.each(['light', 'dark'] as const)(
    'a denied consent comes back to a page that says so, %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme })
      await page.goto(app.origin + login)
      await fillIn(page)
      await page.click('button[value=deny]')
      await page.waitForURL(/\/login\/doorward\/callback/)
      expect(await page.textContent('h1')).toBe('You did not allow it')
      // The style file came: the policy allows it, and the card has its colour.
      const colour = await page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor")
      expect(colour).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(35, 33, 31)')
      await expectAccessible(page)
      await page.click('summary')
      expect(await page.isVisible('text=access_denied')).toBe(true)
      await page.click('text=Start again')
      await page.waitForSelector('button[value=allow]')
      await page.click('button[value=allow]')
      await expectSignedIn(page)
    },
  )

  it('a double-clicked button signs in once', async () => {
    await page.goto(app.origin + login)
    await fillIn(page)
    await page.dblclick('button[value=allow]')
    await expectSignedIn(page)
  })

  it('two tabs each finish', async () => {
    const other = await context.newPage()
    await page.goto(app.origin + login)
    await other.goto(app.origin + login)
    await fillIn(page)
    await page.click('button[value=allow]')
    await expectSignedIn(page)
    // What was allowed a moment ago is not asked again.
    await sendPassword(other)
    await expectSignedIn(other)
    await page.reload()
    await expectSignedIn(page)
  })

  it('going back ends well', async () => {
    await page.goto(app.origin + login)
    await fillIn(page)
    await page.click('button[value=allow]')
    await expectSignedIn(page)
    await page.goBack()
    await page.goForward()
    await expectSignedIn(page)
  })

  it('the address of the callback, opened again, leads to the app', async () => {
    let callback = ''
    page.on('request', (request) => {
      if (request.url().includes('/callback?')) callback = request.url()
    })
    await page.goto(app.origin + login)
    await fillIn(page)
    await page.click('button[value=allow]')
    await expectSignedIn(page)
    expect(callback).toContain('code=')
    await page.goto(callback)
    await expectSignedIn(page)
  })

  it.each(['light', 'dark'] as const)(
    'a typed-in address of the sign-out asks first, and its form leads over the provider, %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width: 390, height: 700 })
      await page.goto(app.origin + login)
      await fillIn(page)
      await page.click('button[value=allow]')
      await expectSignedIn(page)
      await page.goto(`${app.origin}/logout`)
      expect(await page.textContent('main p')).toBe(`You are signed in as ${user.email}.`)
      await expectAccessible(page)
      await page.click('text=Stay signed in')
      await page.waitForURL(`${app.origin}/`)
      expect(await page.textContent('body')).toContain(user.email)
      await page.goto(`${app.origin}/logout`)
      await page.click('button[value=logout]')
      await page.waitForURL(`${app.origin}/`)
      expect(await page.textContent('body')).toBe('null')
    },
  )

  it('a link of the app signs out at once', async () => {
    await page.goto(app.origin + login)
    await fillIn(page)
    await page.click('button[value=allow]')
    await expectSignedIn(page)
    await page.evaluate('document.body.innerHTML = \'<a href="/logout">Sign out</a>\'')
    await page.click('a')
    await page.waitForURL(`${app.origin}/`)
    expect(await page.textContent('body')).toBe('null')
  })
})
