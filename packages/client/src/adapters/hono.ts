import { answer } from '../handlers/answer.ts'
import type { ClientDeps } from '../handlers/deps.ts'
import type { Incoming } from '../handlers/incoming.ts'
import { requireSession } from '../handlers/require-session.ts'
import type { Session } from '../session/session.ts'
import { fetchIncoming, toResponse } from './fetch.ts'
import { parsedForm } from './form.ts'

/** The part of a Hono context that is used here, so that the package does not need Hono's types. */
type HonoContextLike = {
  readonly req: { readonly raw: Request; text(): Promise<string> }
  set(key: 'signedIn', session: Session): void
}

/** Hono middleware. */
export type HonoMiddleware = (
  context: HonoContextLike,
  next: () => Promise<void>,
) => Promise<Response | undefined>

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
export function honoRequireSession(deps: ClientDeps): HonoMiddleware {
  return async (context, next) => {
    const { session, reply } = await requireSession(honoIncoming(context), deps)
    if (reply !== null) return toResponse(reply, context.req.raw.method)
    context.set('signedIn', session)
    await next()
    return undefined
  }
}

/** Hono keeps a body that was read through it, and gives it again. */
function honoIncoming({ req }: HonoContextLike): Incoming {
  const incoming = fetchIncoming(req.raw)
  if (!req.raw.bodyUsed) return incoming
  return { ...incoming, form: async () => parsedForm(await req.text()) }
}
