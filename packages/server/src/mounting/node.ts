import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { ConnectionInfo, ConsumedBody } from '../deps.ts'

/** The whole server as a function of a request, however the request came. */
export type ServeFetch = (request: Request, info: ConnectionInfo) => Promise<Response>

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

type NodeOptions = {
  /** True in a process of our own: replaces the global Request and Response by lighter ones. */
  readonly ownProcess: boolean
}

/** Bridges node:http to fetch. */
export function nodeHandler(fetch: ServeFetch, { ownProcess }: NodeOptions): NodeHandler {
  return getRequestListener(
    (request, { incoming }) => {
      const body = 'httpVersionMajor' in incoming ? consumedBody(incoming) : undefined
      const peer = incoming.socket.remoteAddress ?? ''
      return fetch(request, body === undefined ? { peer } : { peer, body })
    },
    // HTTP/1.0 has no Host header; the name stands for none.
    { overrideGlobalObjects: ownProcess, hostname: 'localhost' },
  )
}

/**
 * What an app's own body parser left: undefined where nobody has read the body. Parsers for Express leave
 * `body`; some platforms leave `rawBody`, which the bridge reads itself.
 */
function consumedBody(incoming: object): ConsumedBody | undefined {
  if (!('readableDidRead' in incoming) || incoming.readableDidRead !== true) return undefined
  if ('rawBody' in incoming && incoming.rawBody instanceof Buffer) return undefined
  if ('body' in incoming && incoming.body !== undefined) return { kind: 'parsed', value: incoming.body }
  return { kind: 'unreadable' }
}
