import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { freePort } from '../support/port.ts'
import { type OidcStandIn, startOidcProvider } from '../support/providers/oidc.ts'
import { type Doorward, startDoorward } from '../support/server.ts'
import { expectAccessible, watch } from '../support/watch-page.ts'

let server: Doorward
let peer: OidcStandIn
let browser: Browser

beforeAll(async () => {
  const port = await freePort()
  const issuer = `http://localhost:${port}/auth`
  ;[peer, browser] = await Promise.all([startOidcProvider(), launchBrowser()])
  const { clientId, clientSecret } = peer
  const provider = { provider: 'oidc', id: 'peer', name: 'Peer', issuer: peer.issuer, clientId, clientSecret }
  server = await startDoorward({
    database: 'sqlite',
    config: { providers: [provider] },
    flags: ['--port', String(port), '--issuer', issuer],
  })
})
afterAll(async () => {
  await browser.close()
  await Promise.all([server.stop(), peer.stop()])
})

describe('connecting and disconnecting a provider, in Chromium', () => {
  it.each([
    ['with JavaScript, light', { colorScheme: 'light', javaScriptEnabled: true }],
    ['without JavaScript, dark', { colorScheme: 'dark', javaScriptEnabled: false }],
  ] as const)('goes there and back %s', async (_, options) => {
    const user = await server.createUser()
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options })
    const complaints = watch(context)
    const page = await context.newPage()
    const look = async () => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width, page.url()).toBeLessThanOrEqual(390)
      // Axe is a script of the page.
      if (options.javaScriptEnabled) await expectAccessible(page)
    }
    await page.goto(`${server.issuer}/login`)
    await page.fill('input[name=email]', user.email)
    await page.fill('input[name=password]', user.password)
    await page.click('button[type=submit]')
    await page.click('text=Connect or disconnect')
    await look()
    await page.click('button[name=connect]')
    // By way of a page of ours and the provider: a redirect behind the form would be held against form-action.
    await page.waitForSelector('text=Peer is connected')
    expect(new URL(page.url()).pathname).toBe('/auth/account/connections')
    await look()
    await page.click('a:has-text("Disconnect")')
    expect(await page.textContent('main')).toContain('You still sign in with')
    await look()
    await page.click('button[name=disconnect]')
    await page.waitForSelector('text=Peer is disconnected')
    await look()
    complaints.expectNone()
    await context.close()
  })
})
