import type { IncomingMessage, ServerResponse } from 'node:http'
import { splitTarget } from '../http/inbound.ts'
import type { Mountable } from './fetch.ts'
import { nodeHandler, originTarget } from './node.ts'

/** Express and Connect middleware. */
export type ExpressMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Middleware for Express 5 (and 4, and Connect): answers Doorward's addresses and passes everything else on.
 * @example app.use(auth.express())
 */
export function expressMiddleware(server: Mountable): ExpressMiddleware {
  const handle = nodeHandler(server)
  return (request, response, next) => {
    const url = originTarget(originalUrl(request))
    if (!server.owns(splitTarget(url).pathname)) return next()
    // Under app.use('/path', …) Express shortens `url`; the issuer's path is the whole one.
    request.url = url
    handle(request, response).catch(next)
  }
}

function originalUrl(request: IncomingMessage): string {
  const url = request.url ?? '/'
  return 'originalUrl' in request && typeof request.originalUrl === 'string' ? request.originalUrl : url
}
