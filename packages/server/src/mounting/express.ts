import type { IncomingMessage, ServerResponse } from 'node:http'
import { nodeHandler, type ServeFetch } from './node.ts'

/** What an adapter needs of the server: an answer, and which addresses are its own. */
export type Mountable = { readonly fetch: ServeFetch; owns(pathname: string): boolean }

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
  const handle = nodeHandler(server.fetch, { ownProcess: false })
  return (request, response, next) => {
    const url = originalUrl(request)
    if (!server.owns(pathOf(url))) return next()
    // Under app.use('/path', …) Express shortens `url`; the issuer's path is the whole one.
    request.url = url
    handle(request, response).catch(next)
  }
}

function originalUrl(request: IncomingMessage): string {
  const url = request.url ?? '/'
  return 'originalUrl' in request && typeof request.originalUrl === 'string' ? request.originalUrl : url
}

/** The path of a request target, without its query. */
export function pathOf(url: string): string {
  const mark = url.indexOf('?')
  return mark === -1 ? url : url.slice(0, mark)
}
