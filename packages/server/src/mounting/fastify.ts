import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Mountable } from './fetch.ts'
import { nodeHandler } from './node.ts'

/** The part of a Fastify instance that is used here, so that the package does not need Fastify's types. */
type FastifyLike = {
  removeAllContentTypeParsers(): unknown
  addContentTypeParser(
    type: string,
    parser: (request: unknown, payload: unknown, done: (error: null) => void) => void,
  ): unknown
  all(
    path: string,
    handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>,
  ): unknown
}

type FastifyRequestLike = { readonly raw: IncomingMessage }
type FastifyReplyLike = { readonly raw: ServerResponse; hijack(): unknown }

/** A Fastify plugin. */
export type FastifyPlugin = (instance: FastifyLike) => Promise<void>

/**
 * A plugin for Fastify 5 that routes Doorward's addresses, and those only. Fastify's own body parsers do not
 * see them: within the plugin bodies are left as they come.
 * @example await app.register(auth.fastify())
 */
export function fastifyPlugin(server: Mountable, paths: readonly string[]): FastifyPlugin {
  const handle = nodeHandler(server)
  return async (instance) => {
    instance.removeAllContentTypeParsers()
    instance.addContentTypeParser('*', (_request, _payload, done) => done(null))
    for (const path of paths) {
      instance.all(path, async (request, reply) => {
        reply.hijack()
        await handle(request.raw, reply.raw)
      })
    }
  }
}
