import type { SignInInput, SignInResponse } from './grants/first-party.ts'
import type { ConsumedBody } from './http/incoming.ts'
import type { ClientManagement } from './management/clients.ts'
import type { KeyManagement } from './management/keys.ts'
import type { ResourceManagement } from './management/resources.ts'
import type { RoleManagement } from './management/roles.ts'
import type { UserManagement } from './management/users.ts'
import type { ExpressMiddleware } from './mounting/express.ts'
import type { FastifyPlugin } from './mounting/fastify.ts'
import type { HonoMiddleware } from './mounting/hono.ts'

/** What an operator does to accounts, clients, resources, roles and keys. */
export type Management = {
  readonly users: UserManagement
  readonly clients: ClientManagement
  readonly resources: ResourceManagement
  readonly roles: RoleManagement
  readonly keys: KeyManagement
}

/** What `auth.fetch` cannot read from a request. */
export type RequestInfo = {
  /** The socket's remote address. Without it all callers share one throttle of failed sign-ins. */
  readonly remoteAddress?: string
  /** A body that was read before. */
  readonly body?: ConsumedBody
}

/** An authorization server, running. */
export type Doorward = Management & {
  readonly issuer: string
  /** Answers a request at one of Doorward's addresses, and 404 at any other. */
  fetch(request: Request, info?: RequestInfo): Promise<Response>
  /** Middleware for Express: `app.use(auth.express())`. The prefix comes from the issuer's path. */
  express(): ExpressMiddleware
  /** A plugin for Fastify: `await app.register(auth.fastify())`. */
  fastify(): FastifyPlugin
  /** Middleware for Hono: `app.use(auth.hono())`. */
  hono(): HonoMiddleware
  /** First-party sign-in for an app's own login form; answers a token response. Throws OAuthError. */
  signIn(input: SignInInput): Promise<SignInResponse>
  /**
   * Ends the work beside requests and closes the database. Requests must have ended before. Each is given 4 seconds; throws
   * ShutdownError where one was cut off.
   */
  close(): Promise<void>
}
