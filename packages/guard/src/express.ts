import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Auth } from './auth.ts'
import { createGuard, createOptionalGuard, type Guard, type Outcome } from './guard.ts'
import { nodeFacts } from './node-request.ts'
import type { GuardOptions } from './options.ts'

declare global {
  namespace Express {
    interface Request {
      /** Who calls, on routes behind `requireToken`; undefined without a token behind `optionalToken`. */
      auth?: Auth
    }
  }
}

/** A middleware for Express 4 and 5, and for whatever else takes (request, response, next). */
export type ExpressMiddleware = (
  request: IncomingMessage & { auth?: Auth; originalUrl?: string },
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Lets only requests pass that carry a good access token (RFC 6750, RFC 9068); handlers find it in `req.auth`.
 * Throws GuardOptionError where it is made.
 *
 * @example
 * app.get('/orders', requireToken({ issuer, audience, scope: 'orders:read' }), (req, res) => {
 *   res.json({ user: req.auth?.subject })
 * })
 */
export function requireToken(options: GuardOptions): ExpressMiddleware {
  return middleware(createGuard(options))
}

/** The same, but a request without any token passes with `req.auth` undefined. Throws GuardOptionError. */
export function optionalToken(options: GuardOptions): ExpressMiddleware {
  return middleware(createOptionalGuard(options))
}

function middleware(guard: Guard<Auth | null>): ExpressMiddleware {
  return (request, response, next) => {
    const url = request.originalUrl ?? request.url ?? '/'
    const outcome = guard(nodeFacts(request, request.method ?? 'GET', url))
    if (!(outcome instanceof Promise)) return apply(outcome, request, response, next)
    outcome.then((settled) => apply(settled, request, response, next)).catch(next)
  }
}

function apply(
  outcome: Outcome<Auth | null>,
  ...[request, response, next]: Parameters<ExpressMiddleware>
): void {
  const { auth, answer } = outcome
  if (answer !== null) {
    response.statusCode = answer.status
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value)
    response.end(answer.body)
    return
  }
  if (auth !== null) request.auth = auth
  next()
}
