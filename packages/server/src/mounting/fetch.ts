import { OAuthError } from '@doorward/core'
import { bodyIncomplete, bodyTooLarge, bodyUnreadable } from '../http/body.ts'
import type { ConsumedBody, IncomingRequest, Reply } from '../http/incoming.ts'

/** What an adapter needs of the server: an answer, which never rejects, and which addresses are its own. */
export type Mountable = {
  answer(request: IncomingRequest): Promise<Reply>
  owns(pathname: string): boolean
}

/** What a Request does not tell of its connection. */
export type ConnectionInfo = {
  /** The socket's remote address, '' where there is none. */
  readonly peer: string
  /** A body that was read before; absent where the request's own is unread. */
  readonly body?: ConsumedBody | undefined
}

/** The whole server as a function of a Request of the Fetch standard. */
export type ServeFetch = (request: Request, info: ConnectionInfo) => Promise<Response>

/** Bridges fetch to the server. */
export function fetchHandler({ answer }: Pick<Mountable, 'answer'>): ServeFetch {
  return async (request, info) => toResponse(await answer(fetchRequest(request, info)), request.method)
}

/** A Request as the server takes it. */
export function fetchRequest(request: Request, { peer, body }: ConnectionInfo): IncomingRequest {
  return {
    method: request.method,
    target: targetOf(request.url),
    peer,
    // Whoever makes a Request by hand names the host in its URL alone.
    header: (name) => request.headers.get(name) ?? (name === 'host' ? new URL(request.url).host : null),
    consumed: body ?? (request.bodyUsed ? { kind: 'unreadable' } : undefined),
    text: (maxBytes) => readText(request, maxBytes),
  }
}

/** Path and query of an absolute URL, without the cost of parsing all of it. */
export function targetOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start === -1) return '/'
  const hash = url.indexOf('#', start)
  return hash === -1 ? url.slice(start) : url.slice(start, hash)
}

function toResponse({ status, headers, cookies, body }: Reply, method: string): Response {
  const all = new Headers(headers)
  for (const cookie of cookies) all.append('Set-Cookie', cookie)
  return new Response(method === 'HEAD' ? null : body, { status, headers: all })
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const length = request.headers.get('content-length')
  try {
    // HTTP/1.1 and HTTP/2 servers deliver exactly Content-Length bytes, so a stated length needs no counting.
    if (length !== null && Number(length) <= maxBytes) return await request.text()
    if (length === null) return await readCounted(request, maxBytes)
  } catch (cause) {
    if (cause instanceof OAuthError) throw cause
    // A body that somebody has read already is a TypeError by the Fetch standard; anything else is the connection.
    throw cause instanceof TypeError ? bodyUnreadable(cause) : bodyIncomplete(cause)
  }
  throw bodyTooLarge(maxBytes)
}

async function readCounted(request: Request, maxBytes: number): Promise<string> {
  if (request.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of request.body) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw bodyTooLarge(maxBytes)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
