import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../../../tests/support/browser.ts'
import { formPostPage } from '../../src/pages/form-post.ts'
import { loggedOutPage } from '../../src/pages/logout.ts'
import { app, frame } from './samples.ts'
import { type Served, serve } from './serve.ts'

/** A value that a careless form would break. */
const state = '"><script>alert(1)</script>&amp; ünï'

describe('the form_post page in a browser (OAuth 2.0 Form Post Response Mode §2)', () => {
  let browser: Browser
  let served: Served

  beforeAll(async () => {
    const fields = [['code', 'c0de'] as const, ['state', state] as const]
    const page = formPostPage(frame, { action: '/callback', fields, app })
    const arrived = loggedOutPage(frame, { app, signInHref: '/login' })
    served = await serve({ answer: page, callback: arrived })
    browser = await launchBrowser()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    served?.close()
  })

  const expected = [
    ['code', 'c0de'],
    ['state', state],
  ]

  it('sends itself once', async () => {
    const before = served.posted.length
    const page = await browser.newPage()
    await page.goto(`${served.origin}/answer`)
    await page.waitForURL('**/callback')
    expect(served.posted.length).toBe(before + 1)
    expect([...new URLSearchParams(served.posted.at(-1))]).toEqual(expected)
    await page.close()
  })

  it('does not send a code a second time for somebody who comes back to it', async () => {
    const page = await browser.newPage()
    await page.route('**/form-post.js*', (route) => route.abort())
    await page.goto(`${served.origin}/answer`)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL('**/callback')
    await page.unroute('**/form-post.js*')

    const before = served.posted.length
    const scriptRan = page.waitForResponse('**/form-post.js*')
    await page.goBack()
    await scriptRan
    expect(new URL(page.url()).pathname).toBe('/answer')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL('**/callback')
    expect(served.posted.length).toBe(before + 1)
    await page.close()
  })

  it('works by its button where scripts do not run', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${served.origin}/answer`)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL('**/callback')
    expect([...new URLSearchParams(served.posted.at(-1))]).toEqual(expected)
    await context.close()
  })
})
