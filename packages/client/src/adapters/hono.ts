// biome-ignore lint/suspicious/noTsIgnore: it is an error for some, and for others none.
/** @ts-ignore: Hono is there for those alone who use it. */
import type { Context, MiddlewareHandler } from 'hono'
import { answer } from '../handlers/answer.ts'
import type { ClientDeps } from '../handlers/deps.ts'
import type { Incoming } from '../handlers/incoming.ts'
import { requireSession } from '../handlers/require-session.ts'
import type { Session } from '../session/session.ts'
import { fetchIncoming, toResponse } from './fetch.ts'
import { parsedForm } from './form.ts'

/** Hono middleware. */
export type HonoMiddleware = MiddlewareHandler

/** Hono middleware that sets `signedIn`. */
export type HonoRequireSession = MiddlewareHandler<{ Variables: { signedIn: Session } }>

/** Answers the client's addresses and passes everything else on. */
export function honoMiddleware(deps: ClientDeps): HonoMiddleware {
  return async (context, next) => {
    const reply = await answer(honoIncoming(context), deps)
    if (reply !== null) return toResponse(reply, context.req.raw.method)
    await next()
    return undefined
  }
}

/** Lets only people pass who are signed in; handlers find the session in `c.get('signedIn')`. */
export function honoRequireSession(deps: ClientDeps): HonoRequireSession {
  return async (context, next) => {
    const { session, reply } = await requireSession(honoIncoming(context), deps)
    if (reply !== null) return toResponse(reply, context.req.raw.method)
    context.set('signedIn', session)
    await next()
    return undefined
  }
}

/** Hono keeps a body that was read through it, and gives it again. */
function honoIncoming({ req }: Pick<Context, 'req'>): Incoming {
  const incoming = fetchIncoming(req.raw)
  if (!req.raw.bodyUsed) return incoming
  return { ...incoming, form: async () => parsedForm(await req.text()) }
}
