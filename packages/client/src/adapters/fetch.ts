import { answer } from '../handlers/answer.ts'
import type { ClientDeps } from '../handlers/deps.ts'
import type { Incoming, Reply } from '../handlers/incoming.ts'
import { requireSession } from '../handlers/require-session.ts'
import type { Session } from '../session/session.ts'
import { readForm, unreadable } from './form.ts'

/** Answers the client's addresses; null where the address is the app's own. */
export type FetchHandler = (request: Request) => Promise<Response | null>

/** Wraps a handler: (request, session, …) → Response becomes (request, …) → Response. */
export type FetchRequireSession = <Rest extends readonly unknown[]>(
  handler: (request: Request, session: Session, ...rest: Rest) => Response | Promise<Response>,
) => (request: Request, ...rest: Rest) => Promise<Response>

/** Bridges the Fetch standard to the handlers. */
export function fetchHandler(deps: ClientDeps): FetchHandler {
  return async (request) => {
    const reply = await answer(fetchIncoming(request), deps)
    return reply === null ? null : toResponse(reply, request.method)
  }
}

/** Calls a handler only for people who are signed in. */
export function fetchRequireSession(deps: ClientDeps): FetchRequireSession {
  return (handler) =>
    async (request, ...rest) => {
      const { session, reply } = await requireSession(fetchIncoming(request), deps)
      return reply === null ? handler(request, session, ...rest) : toResponse(reply, request.method)
    }
}

/** A Request as the handlers take it. */
export function fetchIncoming(request: Request): Incoming {
  const url = new URL(request.url)
  return {
    method: request.method,
    target: url.pathname + url.search,
    encrypted: url.protocol === 'https:',
    // Whoever makes a Request by hand names the host in its URL alone.
    header: (name) => request.headers.get(name) ?? (name === 'host' ? url.host : null),
    form: () => formOf(request),
  }
}

/** An answer as a Response. */
export function toResponse({ status, headers, cookies, body }: Reply, method: string): Response {
  const all = new Headers(headers)
  for (const cookie of cookies) all.append('Set-Cookie', cookie)
  return new Response(method === 'HEAD' ? null : body, { status, headers: all })
}

async function formOf(request: Request): Promise<URLSearchParams> {
  if (request.bodyUsed) throw unreadable('Something has read it before, and kept nothing.')
  return request.body === null ? new URLSearchParams() : readForm(request.body)
}
