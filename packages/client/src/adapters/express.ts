import type { IncomingMessage, ServerResponse } from 'node:http'
import { answer } from '../handlers/answer.ts'
import type { ClientDeps } from '../handlers/deps.ts'
import { pathOf } from '../handlers/incoming.ts'
import { requireSession } from '../handlers/require-session.ts'
import type { Session } from '../session/session.ts'
import { nodeIncoming, originalTarget, writeReply } from './node.ts'

declare global {
  namespace Express {
    interface Request {
      /** Who is signed in, on routes behind `requireSession`. */
      signedIn?: Session
    }
  }
}

/** A middleware for Express 5 (and 4), and for whatever else takes (request, response, next). */
export type ExpressMiddleware = (
  request: IncomingMessage & { signedIn?: Session },
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/** Answers the client's addresses and passes everything else on. */
export function expressMiddleware(deps: ClientDeps): ExpressMiddleware {
  return (request, response, next) => {
    const target = originalTarget(request)
    if (deps.paths.find(pathOf(target)) === null) return next()
    answer(nodeIncoming(request, target), deps).then(
      (reply) => (reply === null ? next() : writeReply(reply, response)),
      next,
    )
  }
}

/** Lets only people pass who are signed in; handlers find the session in `req.signedIn`. */
export function expressRequireSession(deps: ClientDeps): ExpressMiddleware {
  return (request, response, next) => {
    requireSession(nodeIncoming(request, originalTarget(request)), deps).then(({ session, reply }) => {
      if (reply !== null) return writeReply(reply, response)
      request.signedIn = session
      next()
    }, next)
  }
}
