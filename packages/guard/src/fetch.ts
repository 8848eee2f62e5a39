import type { Auth } from './auth.ts'
import { createGuard, createOptionalGuard, type Guard, type RequestFacts } from './guard.ts'
import type { GuardOptions } from './options.ts'

/** Wraps a handler: (request, auth, …) → Response becomes (request, …) → Response. */
export type FetchGuard<A> = <Rest extends readonly unknown[]>(
  handler: (request: Request, auth: A, ...rest: Rest) => Response | Promise<Response>,
) => (request: Request, ...rest: Rest) => Promise<Response>

/**
 * Calls a handler only for requests that carry a good access token (RFC 6750, RFC 9068). Throws
 * GuardOptionError where it is made.
 *
 * @example
 * export const GET = requireToken({ issuer, audience, scope: 'orders:read' })((request, auth) =>
 *   Response.json({ user: auth.subject }),
 * )
 */
export function requireToken(options: GuardOptions): FetchGuard<Auth> {
  return wrapper(createGuard(options))
}

/** The same, but a request without any token passes with `auth` null. Throws GuardOptionError. */
export function optionalToken(options: GuardOptions): FetchGuard<Auth | null> {
  return wrapper(createOptionalGuard(options))
}

function wrapper<A>(guard: Guard<A>): FetchGuard<A> {
  return (handler) =>
    async (request, ...rest) => {
      const outcome = await guard(fetchFacts(request))
      if (outcome.answer === null) return handler(request, outcome.auth, ...rest)
      const { status, headers, body } = outcome.answer
      return new Response(body, { status, headers })
    }
}

/** `Headers` joins what repeats with a comma, which no token holds. */
function fetchFacts(request: Request): RequestFacts {
  const { method, url } = request
  return { authorization: request.headers.get('authorization'), repeated: false, method, url }
}
