import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { contentSecurityPolicy } from '../../src/http/security-headers.ts'
import { createAssets } from '../../src/pages/assets.ts'
import type { Html } from '../../src/pages/layout.ts'
import { frame } from './samples.ts'

export type Served = {
  readonly origin: string
  /** Bodies that were posted, in their order. */
  readonly posted: readonly string[]
  close(): void
}

/** Pages by their name over real HTTP, with the policy that they have in service; takes whatever is posted. */
export const serve = async (pages: Readonly<Record<string, Html>>): Promise<Served> => {
  const assets: ReadonlyMap<string, { body: string; type: string }> = createAssets(frame.branding)
  const posted: string[] = []
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const asset = assets.get(pathname)
    response.setHeader('Content-Type', asset?.type ?? 'text/html; charset=utf-8')
    response.setHeader('Content-Security-Policy', contentSecurityPolicy())
    response.setHeader('Cache-Control', 'no-store')
    if (request.method === 'POST') posted.push(await text(request))
    response.end(asset?.body ?? String(pages[pathname.slice(1)]))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    posted,
    close: () => void server.close(),
  }
}
