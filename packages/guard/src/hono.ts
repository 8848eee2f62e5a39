import type { MiddlewareHandler } from 'hono'
import type { Auth } from './auth.ts'
import { createGuard, createOptionalGuard, type Guard, type Outcome } from './guard.ts'
import type { GuardOptions } from './options.ts'

/** A middleware of Hono 4 that sets `auth`. */
export type HonoMiddleware<A> = MiddlewareHandler<{ Variables: { auth: A } }>

/**
 * Lets only requests pass that carry a good access token (RFC 6750, RFC 9068); handlers find it with
 * `c.get('auth')`. Throws GuardOptionError where it is made.
 *
 * @example
 * app.get('/orders', requireToken({ issuer, audience, scope: 'orders:read' }), (c) =>
 *   c.json({ user: c.get('auth').subject }),
 * )
 */
export function requireToken(options: GuardOptions): HonoMiddleware<Auth> {
  return middleware(createGuard(options))
}

/** The same, but a request without any token passes with `auth` null. Throws GuardOptionError. */
export function optionalToken(options: GuardOptions): HonoMiddleware<Auth | null> {
  return middleware(createOptionalGuard(options))
}

function middleware<A>(guard: Guard<A>): HonoMiddleware<A> {
  return (c, next) => {
    const authorization = c.req.header('authorization') ?? null
    // `Headers` joins what repeats with a comma, which no token holds.
    const outcome = guard({ authorization, repeated: false, method: c.req.method, url: c.req.url })
    if (!(outcome instanceof Promise)) return apply(outcome, c, next)
    return outcome.then((settled) => apply(settled, c, next))
  }
}

function apply<A>(
  outcome: Outcome<A>,
  ...[c, next]: Parameters<HonoMiddleware<A>>
): ReturnType<HonoMiddleware<A>> {
  const { auth, answer } = outcome
  if (answer !== null) {
    const { status, headers, body } = answer
    return Promise.resolve(new Response(body, { status, headers }))
  }
  c.set('auth', auth)
  return next()
}
