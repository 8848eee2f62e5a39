import { splitTarget } from '../http/inbound.ts'
import type { ConsumedBody } from '../http/incoming.ts'
import { fetchHandler, type Mountable, targetOf } from './fetch.ts'

/** The part of a Hono context that is used here. */
type HonoContextLike = {
  readonly env: unknown
  readonly req: { readonly raw: Request; formData(): Promise<FormData> }
}

/** Hono middleware. */
export type HonoMiddleware = (
  context: HonoContextLike,
  next: () => Promise<void>,
) => Promise<Response | undefined>

/**
 * Middleware for Hono 4: answers Doorward's addresses and passes everything else on. On @hono/node-server the
 * caller's address comes from the socket; elsewhere all callers share one throttle.
 * @example app.use(auth.hono())
 */
export function honoMiddleware(server: Mountable): HonoMiddleware {
  const fetch = fetchHandler(server)
  return async (context, next) => {
    const { raw } = context.req
    if (!server.owns(splitTarget(targetOf(raw.url)).pathname)) {
      await next()
      return undefined
    }
    const body = raw.bodyUsed ? await keptBody(context) : undefined
    return fetch(raw, { peer: socketAddress(context.env), body })
  }
}

/** Hono keeps a body that was read through it, in whatever form, and gives it again. */
async function keptBody(context: HonoContextLike): Promise<ConsumedBody> {
  try {
    const form = new URLSearchParams()
    for (const [name, value] of await context.req.formData()) {
      if (typeof value === 'string') form.append(name, value)
    }
    return { kind: 'parsed', value: form }
  } catch {
    return { kind: 'unreadable' }
  }
}

function socketAddress(env: unknown): string {
  const incoming = typeof env === 'object' && env !== null && 'incoming' in env ? env.incoming : null
  const socket =
    typeof incoming === 'object' && incoming !== null && 'socket' in incoming ? incoming.socket : null
  const known = typeof socket === 'object' && socket !== null && 'remoteAddress' in socket
  return known && typeof socket.remoteAddress === 'string' ? socket.remoteAddress : ''
}
