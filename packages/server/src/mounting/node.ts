import type { IncomingMessage, ServerResponse } from 'node:http'
import { bodyIncomplete, bodyTooLarge, bodyUnreadable } from '../http/body.ts'
import type { ConsumedBody, IncomingRequest, Reply } from '../http/incoming.ts'
import { type Mountable, targetOf } from './fetch.ts'
import { turnsEnd } from './turns-end.ts'

/** A listener of node:http. Rejects only where the answer cannot be written, which is a fault of ours. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** What nobody wants to read of a body is read past up to here, so that the connection can be used again. */
const MAX_DISCARDED = 1_048_576

/**
 * Bridges node:http (and its HTTP/2 compatibility layer) to the server. Not by way of Request and Response,
 * which cost as much as the rest of a token request.
 */
export function nodeHandler({ answer }: Pick<Mountable, 'answer'>): NodeHandler {
  return async (incoming, outgoing) => {
    const reply = await answer(nodeRequest(incoming))
    await turnsEnd()
    write(reply, incoming, outgoing)
  }
}

function nodeRequest(incoming: IncomingMessage): IncomingRequest {
  return {
    method: incoming.method ?? 'GET',
    target: originTarget(incoming.url ?? '/'),
    // The socket is gone where the caller hung up meanwhile.
    peer: incoming.socket?.remoteAddress ?? '',
    header: (name) => findHeader(incoming.rawHeaders, name),
    consumed: consumedBody(incoming),
    text: (maxBytes) => readText(incoming, maxBytes),
  }
}

/** Every server takes the absolute form that proxies are asked by (RFC 9112 §3.2.2): only its path and query count here. */
export function originTarget(url: string): string {
  if (url.startsWith('/')) return url
  return url.includes('://') ? targetOf(url) : '/'
}

/**
 * Looked for among the headers as they came: what repeats is joined, where node:http would keep one of them and
 * two readers could see two different requests.
 */
function findHeader(rawHeaders: readonly string[], name: string): string | null {
  let found: string | null = null
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const candidate = rawHeaders[at] ?? ''
    if (candidate.length !== name.length || candidate.toLowerCase() !== name) continue
    const value = rawHeaders[at + 1] ?? ''
    found = found === null ? value : `${found}${name === 'cookie' ? '; ' : ', '}${value}`
  }
  // HTTP/2 names the host in a pseudo-header (RFC 9113 §8.3.1).
  return found === null && name === 'host' ? findHeader(rawHeaders, ':authority') : found
}

/**
 * What an app's own body parser left: undefined where nobody has read the body. Parsers for Express leave
 * `body`; some platforms leave `rawBody`.
 */
function consumedBody(incoming: IncomingMessage): ConsumedBody | undefined {
  // An empty body that a parser has read to its end was never seen to hold anything.
  if (!incoming.readableDidRead && !incoming.readableEnded) return undefined
  if ('rawBody' in incoming && incoming.rawBody instanceof Uint8Array)
    return { kind: 'parsed', value: incoming.rawBody }
  if ('body' in incoming && incoming.body !== undefined) return { kind: 'parsed', value: incoming.body }
  return { kind: 'unreadable' }
}

function readText(incoming: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    if (incoming.readableDidRead || incoming.readableEnded) return reject(bodyUnreadable())
    // The caller has hung up: no event would ever come.
    if (incoming.destroyed) return reject(bodyIncomplete())
    // node:http lets a body be neither longer nor, without an error, shorter than its Content-Length says.
    const stated = findHeader(incoming.rawHeaders, 'content-length')
    if (stated !== null && !(Number(stated) <= maxBytes)) return reject(bodyTooLarge(maxBytes))
    const chunks: Buffer[] = []
    let bytes = 0
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) return reject(bodyTooLarge(maxBytes))
      chunks.push(chunk)
    })
    incoming.on('end', () => resolve(decodeUtf8(chunks)))
    incoming.on('close', () => {
      if (!incoming.readableEnded) reject(bodyIncomplete())
    })
  })
}

function decodeUtf8(chunks: readonly Buffer[]): string {
  const [only] = chunks
  return (chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)).toString('utf8')
}

function write(reply: Reply, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { status, headers, cookies, body } = reply
  if (!incoming.complete) discard(incoming)
  const all: Record<string, string | number | string[]> = { ...headers }
  if (body !== null) all['Content-Length'] = Buffer.byteLength(body)
  if (cookies.length > 0) all['Set-Cookie'] = [...cookies]
  outgoing.writeHead(status, all)
  outgoing.end(body ?? undefined)
}

/** Reads past what is left of a body, and hangs up on who sends more than that. */
function discard(incoming: IncomingMessage): void {
  let bytes = 0
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_DISCARDED) incoming.destroy()
  })
}
