import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Incoming, Reply } from '../handlers/incoming.ts'
import { parsedForm, readForm } from './form.ts'

/** A request of node:http as the handlers take it. `target` where a framework has shortened `url`. */
export function nodeIncoming(request: IncomingMessage, target: string): Incoming {
  const { socket } = request
  return {
    method: request.method ?? 'GET',
    target,
    encrypted: 'encrypted' in socket && socket.encrypted === true,
    header: (name) => {
      const value = request.headers[name]
      return value === undefined ? null : String(value)
    },
    form: () => formOf(request),
  }
}

/** Express shortens `url` under `app.use('/path', …)`; the client's paths are whole. */
export function originalTarget(request: IncomingMessage): string {
  if ('originalUrl' in request && typeof request.originalUrl === 'string') return request.originalUrl
  return request.url ?? '/'
}

/** Writes an answer. */
export function writeReply({ status, headers, cookies, body }: Reply, response: ServerResponse): void {
  // What the app has set before stays: its own cookies too.
  for (const cookie of cookies) response.appendHeader('Set-Cookie', cookie)
  const length = body === null ? {} : { 'Content-Length': Buffer.byteLength(body) }
  response.writeHead(status, { ...headers, ...length })
  response.end(response.req.method === 'HEAD' ? undefined : (body ?? undefined))
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const isRead = request.readableDidRead || request.readableEnded
  return isRead ? parsedForm('body' in request ? request.body : undefined) : readForm(request)
}
