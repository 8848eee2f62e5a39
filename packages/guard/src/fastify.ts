import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Auth } from './auth.ts'
import { createGuard, createOptionalGuard, type Guard, type Outcome } from './guard.ts'
import { nodeFacts } from './node-request.ts'
import type { GuardOptions } from './options.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, on routes behind `requireToken`; undefined without a token behind `optionalToken`. */
    auth?: Auth
  }
}

/** An `onRequest` hook of Fastify 5. */
export type FastifyHook = (
  request: FastifyRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
) => void

/**
 * Lets only requests pass that carry a good access token (RFC 6750, RFC 9068); handlers find it in
 * `request.auth`. Throws GuardOptionError where it is made.
 *
 * @example
 * app.get('/orders', { onRequest: requireToken({ issuer, audience, scope: 'orders:read' }) }, async (request) => {
 *   return { user: request.auth?.subject }
 * })
 */
export function requireToken(options: GuardOptions): FastifyHook {
  return hook(createGuard(options))
}

/** The same, but a request without any token passes with `request.auth` undefined. Throws GuardOptionError. */
export function optionalToken(options: GuardOptions): FastifyHook {
  return hook(createOptionalGuard(options))
}

function hook(guard: Guard<Auth | null>): FastifyHook {
  return (request, reply, done) => {
    const outcome = guard(nodeFacts(request.raw, request.method, request.url))
    if (!(outcome instanceof Promise)) return apply(outcome, request, reply, done)
    outcome.then((settled) => apply(settled, request, reply, done)).catch(done)
  }
}

function apply(outcome: Outcome<Auth | null>, ...[request, reply, done]: Parameters<FastifyHook>): void {
  const { auth, answer } = outcome
  if (answer !== null) {
    reply.code(answer.status).headers(answer.headers).send(answer.body)
    return
  }
  if (auth !== null) request.auth = auth
  done()
}
