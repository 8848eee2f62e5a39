import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../../../tests/support/browser.ts'
import { samples } from './samples.ts'
import { type Served, serve } from './serve.ts'

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core has to say; evaluated past the page's policy, which is otherwise in force. */
const violations = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(await axeSource)
  return page.evaluate(async () => {
    const axe: {
      run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>
    } = Reflect.get(window, 'axe')
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
    )
  })
}

/** Controls lower than 44 px, and anything wider than the screen. */
const misfits = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const small = [
      ...document.querySelectorAll('button, input:not([type=hidden]), a.action, a.button, summary'),
    ]
      .filter((element) => element.getBoundingClientRect().height < 44)
      .map((element) => `low: ${element.outerHTML}`)
    const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth
    return wide ? [...small, 'wider than the screen'] : small
  })

// One browser and one server for all; what differs is the context.
let browser: Browser
let served: Served
beforeAll(async () => {
  ;[served, browser] = await Promise.all([serve(samples), launchBrowser()])
}, 60_000)
afterAll(async () => {
  await browser?.close()
  served?.close()
})

describe.each([
  ['light', 1280],
  ['light', 390],
  ['dark', 1280],
  ['dark', 390],
] as const)('in %s at %d px', (colorScheme, width) => {
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 } })
    // The page that goes on by itself stays: 204 is nothing to go to.
    await context.route('**/elsewhere', (route) => route.fulfill({ status: 204 }))
    page = await context.newPage()
    page.on('console', (message) => complaints.push(message.text()))
    // The page that submits itself would leave; the others have no script.
    await page.route('**/form-post.js*', (route) => route.fulfill({ body: '' }))
  })

  afterAll(() => page.context().close())

  it.each(Object.keys(samples))(
    '%s: axe-core is silent, controls are 44 px high, the policy holds',
    async (name) => {
      complaints.length = 0
      await page.goto(`${served.origin}/${name}`)
      for (const details of await page.locator('summary').all()) await details.click()
      expect(await violations(page)).toEqual([])
      expect(await misfits(page)).toEqual([])
      expect(complaints).toEqual([])
    },
    30_000,
  )

  it('shows a focus ring of 3 px on every control', async () => {
    await page.goto(`${served.origin}/sign-in-again`)
    const controls = page.locator('main a, main button, main input:not([type=hidden])')
    for (const control of await controls.all()) {
      await page.keyboard.press('Tab')
      await control.focus()
      expect(await control.evaluate((element) => getComputedStyle(element).outline)).toContain('3px')
    }
  })

  it('is a card of 400 px where there is room, and the page itself where there is none', async () => {
    await page.goto(`${served.origin}/sign-in`)
    const card = await page.locator('.card').boundingBox()
    expect(card?.width).toBe(width === 390 ? 390 : 400)
  })
})
