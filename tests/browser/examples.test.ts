import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type Example, startExample } from '../support/example.ts'
import { type Complaints, expectAccessible, watch } from '../support/watch-page.ts'

let browser: Browser
let context: BrowserContext
let page: Page
let complaints: Complaints

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  complaints = watch(context)
  page = await context.newPage()
})
afterEach(async () => {
  complaints.expectNone()
  await context.close()
})

const sendPassword = async (on: Page, { email, password }: Example) => {
  await on.fill('input[name=email]', email)
  await on.fill('input[name=password]', password)
  await on.click('button[type=submit]')
}

/** Narrow enough for a telephone, high enough for a finger, and in the colours of the scheme. */
const expectWellMade = async (on: Page, colorScheme: 'light' | 'dark') => {
  expect(await on.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  for (const control of await on.$$('a, button')) {
    expect((await control.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  }
  const colour = await on.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor")
  expect(colour).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(35, 33, 31)')
  await expectAccessible(on)
}

describe('the example social-login, in Chromium', () => {
  let example: Example
  let app: string

  // A start of its own for each test: what one allows or refuses is not known to the next.
  beforeEach(async () => {
    example = await startExample('social-login', ['PORT', 'APP_PORT'])
    app = example.found(/The app is ready at (\S+)/)
  })
  afterEach(async () => void (await example.stop()))

  const untilConsent = async (on: Page) => {
    await on.goto(app)
    await on.click('text=Sign in with Doorward')
    await sendPassword(on, example)
    await on.waitForSelector('button[value=allow]')
  }
  const expectSignedIn = async (on: Page) => {
    await on.waitForURL(`${app}/`)
    await on.waitForSelector('text=Signed in as social@example.com')
  }

  it.each(['light', 'dark'] as const)('signs in and out, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme })
    await page.goto(app)
    await expectWellMade(page, colorScheme)
    await untilConsent(page)
    await page.click('button[value=allow]')
    await expectSignedIn(page)
    await expectWellMade(page, colorScheme)
    await page.click('text=Sign out')
    await page.waitForURL(`${app}/`)
    await page.waitForSelector('text=You are not signed in')
    await page.click('text=Sign in with Doorward')
    await page.waitForSelector('input[name=password]')
  })

  it('a denied consent comes back to a page that says why, and begins again from there', async () => {
    await untilConsent(page)
    await page.click('button[value=deny]')
    await page.waitForURL(/\/login\/authorized\?/)
    expect(await page.textContent('h1')).toBe('You did not allow it')
    await expectAccessible(page)
    await page.click('summary')
    expect(await page.isVisible('text=access_denied')).toBe(true)
    await page.click('text=Start again')
    await page.click('button[value=allow]')
    await expectSignedIn(page)
  })

  it('double-clicked buttons sign in once, and out everywhere', async () => {
    await page.goto(app)
    await page.dblclick('text=Sign in with Doorward')
    await sendPassword(page, example)
    await page.dblclick('button[value=allow]')
    await expectSignedIn(page)
    await page.dblclick('text=Sign out')
    await page.waitForSelector('text=You are not signed in')
    await page.click('text=Sign in with Doorward')
    await page.waitForSelector('input[name=password]')
  })

  it('two tabs both finish', async () => {
    const other = await context.newPage()
    await other.goto(app)
    await other.click('text=Sign in with Doorward')
    await untilConsent(page)
    await page.click('button[value=allow]')
    await expectSignedIn(page)
    // What was allowed a moment ago is not asked again.
    await sendPassword(other, example)
    await expectSignedIn(other)
    await page.reload()
    await expectSignedIn(page)
  })

  it('going back after the sign-in ends well', async () => {
    await untilConsent(page)
    await page.click('button[value=allow]')
    await expectSignedIn(page)
    const before = await page.goBack()
    // A page that says what is the case now, and no failure.
    expect(before?.status() ?? 200).toBeLessThan(400)
    await page.goForward()
    await expectSignedIn(page)
    await page.click('text=Sign out')
    await page.waitForSelector('text=You are not signed in')
    // Nor does the page of before come out of a cache.
    await page.goto(app)
    await page.goBack()
    await page.waitForSelector('h1')
    expect(await page.isVisible('text=Signed in as')).toBe(false)
  })
})

describe('the example sso, in Chromium', () => {
  let example: Example
  let orders: string
  let invoices: string

  // Nothing is asked or remembered but the session, and each test has a browser of its own.
  beforeAll(async () => {
    example = await startExample('sso', ['PORT', 'ORDERS_PORT', 'INVOICES_PORT'])
    orders = example.found(/Orders is ready at (\S+)/)
    invoices = example.found(/Invoices is ready at (\S+)/)
  })
  afterAll(async () => void (await example.stop()))

  const signInToOrders = async (on: Page) => {
    await on.goto(orders)
    await on.click('text=Sign in')
    await sendPassword(on, example)
    await expectSignedIn(on, orders)
  }
  const expectSignedIn = async (on: Page, app: string) => {
    await on.waitForURL(`${app}/`)
    await on.waitForSelector('text=Signed in as sso@example.com')
  }

  it.each(['light', 'dark'] as const)('one sign-in, and one sign-out, for both, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme })
    await page.goto(orders)
    await expectWellMade(page, colorScheme)
    await signInToOrders(page)
    await expectWellMade(page, colorScheme)
    await page.click('text=Go to Invoices')
    await page.waitForSelector('text=You are not signed in')
    await page.click('text=Sign in')
    await expectSignedIn(page, invoices)

    const other = await context.newPage()
    await other.goto(orders)
    await other.click('text=Sign out')
    await other.waitForURL(`${orders}/`)
    await other.waitForSelector('text=You are not signed in')
    await expect
      .poll(async () => {
        await page.reload()
        return page.isVisible('text=You are not signed in')
      })
      .toBe(true)
  })

  it('a double-clicked link, two tabs and the way back end well', async () => {
    const other = await context.newPage()
    await other.goto(invoices)
    await other.click('text=Sign in')
    await page.goto(orders)
    await page.dblclick('text=Sign in')
    await sendPassword(page, example)
    await expectSignedIn(page, orders)
    await sendPassword(other, example)
    await expectSignedIn(other, invoices)
    await page.reload()
    await expectSignedIn(page, orders)
    await other.goBack()
    await other.goForward()
    await expectSignedIn(other, invoices)
  })

  it('an answer that nobody asked for signs nobody in, and the page says why', async () => {
    await page.goto(`${orders}/login/doorward/callback?error=access_denied&state=forged`)
    await expectAccessible(page)
    await page.click('text=Back to the app')
    await page.waitForSelector('text=You are not signed in')
  })
})
