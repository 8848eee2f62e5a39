import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Page, pageHeaders, renderPage } from './page.ts'

/** Judges what a browser brought; null where it is not of this sign-in, so that the wait goes on. */
export type Judge = (parameters: URLSearchParams) => Promise<Page | null>

/** Something on 127.0.0.1 that a browser can come back to (RFC 8252 §7.3). */
export type Loopback = {
  readonly redirectUri: string
  /** From now on hands what comes to `judge`. */
  judgeBy(judge: Judge): void
  close(): Promise<void>
}

const path = '/callback'
const lingerMs = 500
const missing: Page = { status: 404, title: 'Not found', text: 'There is nothing here.' }
const foreign: Page = {
  status: 400,
  title: 'This is another sign-in',
  text: 'It does not belong to the one that the terminal waits for. Close this window and go back there.',
}

function show(response: ServerResponse, page: Page): void {
  response.writeHead(page.status, pageHeaders)
  response.end(renderPage(page))
}

/** A page of another site can resolve a name of its own to 127.0.0.1, but not send this Host. */
const isAsked = (request: IncomingMessage, origin: string): boolean =>
  request.method === 'GET' && `http://${request.headers.host}` === origin

/** Listens on a port of 127.0.0.1, a free one for 0. The name localhost may be another machine (RFC 8252 §8.3). */
export async function listenOnLoopback(port: number): Promise<Loopback> {
  let judge: Judge = async () => null
  let origin = ''
  const server = createServer(async (request, response) => {
    const asked = request.url ?? '/'
    const url = URL.canParse(asked, origin) ? new URL(asked, origin) : null
    const page = isAsked(request, origin) && url?.pathname === path ? judge(url.searchParams) : missing
    show(response, (await page) ?? foreign)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The listener has no port')
  origin = `http://127.0.0.1:${address.port}`
  return {
    redirectUri: origin + path,
    judgeBy: (given) => {
      judge = given
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // The last page gets out first; a browser may hold a connection besides that it never used.
        setTimeout(() => server.closeAllConnections(), lingerMs).unref()
      }),
  }
}
