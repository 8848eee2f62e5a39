import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Complaints of the browser itself: blocked by the policy, failed scripts, missing files. */
export type Complaints = {
  readonly seen: string[]
  expectNone(): void
}

/** Listens on every page of the context, from its first moment on. */
export const watch = (context: BrowserContext): Complaints => {
  const seen: string[] = []
  const listen = (page: Page) => {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) seen.push(`${page.url()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => seen.push(`${page.url()}: ${error.message}`))
    page.on('requestfailed', (request) => seen.push(`${request.url()}: ${request.failure()?.errorText}`))
    page.on('response', (response) => {
      if (response.status() >= 400 && response.request().resourceType() !== 'document') {
        seen.push(`${response.url()}: ${response.status()}`)
      }
    })
  }
  for (const page of context.pages()) listen(page)
  context.on('page', listen)
  return { seen, expectNone: () => expect(seen).toEqual([]) }
}

type Finding = { readonly id: string; readonly nodes: readonly { readonly html: string }[] }

/** axe-core finds nothing to say about the page (WCAG 2.2 A and AA, and its best practices). */
export const expectAccessible = async (page: Page): Promise<void> => {
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
  const findings: readonly Finding[] = JSON.parse(String(result.value))
  const said = findings.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  expect(said, page.url()).toEqual([])
}
