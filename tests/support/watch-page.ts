import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Complaints of the browser itself: blocked by the policy, failed scripts, missing files. */
export type Complaints = {
  expectNone(): void
}

/** Listens on every page of the context, from its first moment on. */
export const watch = (context: BrowserContext): Complaints => {
  const seen: string[] = []
  const listen = (page: Page) => {
    page.on('console', (message) => {
      // The browser reports each refusal of a form as a failed load; the tests look at those themselves.
      if (/status of 4\d\d/.test(message.text()) && message.location().url === page.url()) return
      if (['error', 'warning'].includes(message.type())) seen.push(`${page.url()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => seen.push(`${page.url()}: ${error.message}`))
    page.on('requestfailed', (request) => {
      // A page that was left before it had come is no failure.
      if (request.isNavigationRequest() && request.failure()?.errorText === 'net::ERR_ABORTED') return
      seen.push(`${request.url()}: ${request.failure()?.errorText}`)
    })
    page.on('response', (response) => {
      if (response.status() >= 400 && response.request().resourceType() !== 'document') {
        seen.push(`${response.url()}: ${response.status()}`)
      }
    })
  }
  for (const page of context.pages()) listen(page)
  context.on('page', listen)
  return { expectNone: () => expect(seen).toEqual([]) }
}

type Finding = { readonly id: string; readonly nodes: readonly { readonly html: string }[] }

const findings = async (page: Page): Promise<readonly Finding[]> => {
  // The page's own policy forbids foreign scripts, so axe runs in a world of its own, through the debugger.
  const session = await page.context().newCDPSession(page)
  const { frameTree } = await session.send('Page.getFrameTree')
  const { executionContextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
  })
  await session.send('Runtime.evaluate', { expression: axeSource, contextId: executionContextId })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document).then(({ violations }) => JSON.stringify(violations))`,
    contextId: executionContextId,
    awaitPromise: true,
    returnByValue: true,
  })
  await session.detach()
  return JSON.parse(String(result.value))
}

/** The same markup and styles in a context in which axe's own timers run, but none of the page's scripts. */
const copyOf = async (page: Page): Promise<Page> => {
  const body = (await page.content()).replace(/<script[\s\S]*?<\/script>/gi, '')
  const copy = await page.context().browser()?.newPage()
  if (copy === undefined) throw new Error('The page has no browser')
  await copy.route(page.url(), (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }))
  await copy.goto(page.url())
  return copy
}

/** axe-core finds nothing to say about the page (WCAG 2.2 A and AA, and its best practices). */
export const expectAccessible = async (page: Page, scripts = true): Promise<void> => {
  const looked = scripts ? page : await copyOf(page)
  const said = (await findings(looked)).map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`,
  )
  if (looked !== page) await looked.close()
  expect(said, page.url()).toEqual([])
}
