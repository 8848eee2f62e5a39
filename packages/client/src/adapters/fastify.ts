import type { IncomingMessage, ServerResponse } from 'node:http'
import { answer } from '../handlers/answer.ts'
import type { ClientDeps } from '../handlers/deps.ts'
import type { Reply } from '../handlers/incoming.ts'
import { requireSession } from '../handlers/require-session.ts'
import type { Session } from '../session/session.ts'
import { nodeIncoming, writeReply } from './node.ts'

// biome-ignore lint/suspicious/noTsIgnore: it is an error for some, and for others none.
/** @ts-ignore: Fastify is there for those alone who use it. */
declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in, on routes behind `requireSession`. */
    signedIn?: Session
  }
}

/** The parts of Fastify that are used here, so that the package does not need Fastify's types. */
type FastifyRequestLike = { readonly raw: IncomingMessage; signedIn?: Session }
type FastifyReplyLike = {
  readonly raw: ServerResponse
  getHeaders(): Readonly<Record<string, number | string | string[] | undefined>>
  hijack(): unknown
}
type FastifyHandlerLike = (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>
type FastifyLike = {
  removeAllContentTypeParsers(): unknown
  addContentTypeParser(
    type: string,
    parser: (request: unknown, payload: unknown, done: (error: null) => void) => void,
  ): unknown
  all(path: string, handler: FastifyHandlerLike): unknown
}

/** A Fastify plugin. */
export type FastifyPlugin = (instance: FastifyLike) => Promise<void>

/** A Fastify hook for `onRequest`. */
export type FastifyHook = (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<void>

/** Routes the client's addresses; within the plugin bodies are left as they come. */
export function fastifyPlugin(deps: ClientDeps): FastifyPlugin {
  return async (instance) => {
    instance.removeAllContentTypeParsers()
    instance.addContentTypeParser('*', (_request, _payload, done) => done(null))
    for (const path of deps.paths.patterns) {
      instance.all(path, async ({ raw }, reply) => {
        reply.hijack()
        const answered = await answer(nodeIncoming(raw, raw.url ?? '/'), deps)
        send(answered ?? NOT_FOUND, reply)
      })
    }
  }
}

/** Fastify's router takes a few more spellings of a path than we do. */
const NOT_FOUND = { status: 404, headers: {}, cookies: [], body: null }

/** Lets only people pass who are signed in; handlers find the session in `request.signedIn`. */
export function fastifyRequireSession(deps: ClientDeps): FastifyHook {
  return async (request, reply) => {
    const { raw } = request
    const { session, reply: refusal } = await requireSession(nodeIncoming(raw, raw.url ?? '/'), deps)
    if (refusal === null) {
      request.signedIn = session
      return
    }
    reply.hijack()
    send(refusal, reply)
  }
}

/** Fastify keeps headers to itself until it sends: what the app's hooks have set goes along. */
function send(answered: Reply, reply: FastifyReplyLike): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value)
  }
  writeReply(answered, reply.raw)
}
