import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { authorizeUrl, callbackUri, createPkce } from '../support/flow.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'
import { expectAccessible, watch } from '../support/watch-page.ts'

let server: Doorward
let browser: Browser
let app: RegisteredClient
let user: TestUser

beforeAll(async () => {
  const branding = { name: 'Acme', accent: '#ffcc00', helpUrl: 'https://help.example/' }
  ;[server, browser] = await Promise.all([
    startDoorward({ database: 'sqlite', config: { branding } }),
    launchBrowser(),
  ])
  ;[user, app] = await Promise.all([
    server.createUser(),
    server.createClient({ redirect_uris: [callbackUri], client_name: 'Orders' }),
  ])
})
afterAll(() => browser.close().then(() => server.stop()))

const sizes = [
  { width: 320, height: 640 },
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
]

describe.each(['light', 'dark'] as const)('the pages in %s', (colorScheme) => {
  it.each(sizes)(
    'fit $width pixels, keep their contrast and their controls large enough',
    async (viewport) => {
      const context = await browser.newContext({ viewport, colorScheme })
      const complaints = watch(context)
      const page = await context.newPage()
      const look = async () => {
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        expect(width, page.url()).toBeLessThanOrEqual(viewport.width)
        for (const control of await page.$$('button:visible, input:not([type=hidden]):visible')) {
          const box = await control.boundingBox()
          expect(box?.height, await control.evaluate((element) => element.outerHTML)).toBeGreaterThanOrEqual(
            44,
          )
        }
        await expectAccessible(page)
      }
      const url = authorizeUrl(server, {
        response_type: 'code',
        client_id: app.client_id,
        redirect_uri: callbackUri,
        scope: 'openid profile email phone address offline_access',
        code_challenge: createPkce().challenge,
        code_challenge_method: 'S256',
      })
      await page.goto(url)
      expect(await page.textContent('body')).toContain('Acme')
      await look()
      await page.fill('input[name=email]', user.email)
      await page.fill('input[name=password]', user.password)
      await page.click('button[type=submit]')
      await page.waitForSelector('button[value=allow]')
      await look()
      for (const path of ['/account', '/oauth/logout']) {
        await page.goto(server.issuer + path)
        await look()
      }
      complaints.expectNone()
      await context.close()
    },
  )

  it('can be used by keyboard alone, focus always visible', async () => {
    const context = await browser.newContext({ colorScheme })
    const page = await context.newPage()
    await page.goto(`${server.issuer}/login`)
    // The focus goes there by itself, at some moment after the page has loaded.
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'email')
    await page.keyboard.type(user.email)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('password')
    const outline = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement ?? document.body)
      return `${style.outlineStyle} ${style.outlineWidth} ${style.boxShadow}`
    })
    expect(outline).not.toMatch(/^none \S+ none$/)
    await page.keyboard.type(user.password)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${server.issuer}/account`)
    await context.close()
  })
})
