import { type CookieJar, cookieJar } from '@doorward/core'
import { hkdfSha256 } from '@doorward/core/crypto'
import { cookieHeaderOf, type SessionRequest } from './adapters/cookie-header.ts'
import { type ExpressMiddleware, expressMiddleware, expressRequireSession } from './adapters/express.ts'
import {
  type FastifyHook,
  type FastifyPlugin,
  fastifyPlugin,
  fastifyRequireSession,
} from './adapters/fastify.ts'
import {
  type FetchHandler,
  type FetchRequireSession,
  fetchHandler,
  fetchRequireSession,
} from './adapters/fetch.ts'
import { type HonoMiddleware, honoMiddleware, honoRequireSession } from './adapters/hono.ts'
import { rememberKeys } from './exchange/keys.ts'
import { rememberMetadata } from './exchange/metadata.ts'
import type { ProviderDeps } from './exchange/provider-deps.ts'
import type { ClientDeps } from './handlers/deps.ts'
import { revokeTokens } from './handlers/logout.ts'
import { compilePaths, type Paths } from './handlers/paths.ts'
import { type ClientOptions, parseOptions, type Settings } from './options.ts'
import { asFetch } from './outgoing/as-fetch.ts'
import { memoryReplays } from './session/memory-replays.ts'
import { sealedSessions } from './session/sealed-sessions.ts'
import type { Session, SessionKeeper } from './session/session.ts'

/** Guards the app's own routes, in each framework's way. */
export type RequireSession = {
  /** `app.get('/me', signIn.requireSession.express(), handler)` → `req.signedIn` */
  express(): ExpressMiddleware
  /** `{ onRequest: signIn.requireSession.fastify() }` → `request.signedIn` */
  fastify(): FastifyHook
  /** `app.get('/me', signIn.requireSession.hono(), handler)` → `c.get('signedIn')` */
  hono(): HonoMiddleware
  /** `signIn.requireSession.fetch((request, session) => new Response(…))` */
  readonly fetch: FetchRequireSession
}

/** Sign-in for one app. */
export type SignIn = {
  /** `app.use(signIn.express())` */
  express(): ExpressMiddleware
  /** `await app.register(signIn.fastify())` */
  fastify(): FastifyPlugin
  /** `app.use(signIn.hono())` */
  hono(): HonoMiddleware
  /** Answers the client's addresses; null where the address is the app's own. */
  readonly fetch: FetchHandler
  /** Who is signed in, or null. Takes a request of any framework (of Hono the context). */
  getSession(request: SessionRequest): Promise<Session | null>
  readonly requireSession: RequireSession
  /** Where a sign-in with a provider begins: for links and buttons. `returnTo` is a path of the app. */
  loginPath(provider: string, returnTo?: string): string
  /** Ends one session and revokes its tokens. Throws ClientError: sessions_not_kept. */
  endSession(session: Pick<Session, 'ref' | 'user'>): Promise<void>
  /** Ends all sessions of an account. Throws ClientError: sessions_not_kept. */
  endAllSessions(account: { readonly provider: string; readonly subject: string }): Promise<void>
}

/**
 * Sign-in with other providers, for one app. Throws OptionError, which names the option and the fix.
 *
 * @example
 * const signIn = createClient({ baseUrl, secret, providers: [google({ clientId, clientSecret })] })
 * app.use(signIn.express())
 */
export function createClient(options: ClientOptions): SignIn {
  const deps = wire(parseOptions(options))
  const { keeper, settings, paths, providers } = deps
  const revoke = async (provider: string, tokens: readonly (Parameters<typeof revokeTokens>[0] | null)[]) => {
    const asked = providers.get(provider)
    if (asked === undefined) return
    await Promise.all(tokens.map((one) => (one === null ? undefined : revokeTokens(one, asked))))
  }
  return {
    express: () => expressMiddleware(deps),
    fastify: () => fastifyPlugin(deps),
    hono: () => honoMiddleware(deps),
    fetch: fetchHandler(deps),
    getSession: (request) => keeper.find(cookieHeaderOf(request), settings.clock()),
    requireSession: {
      express: () => expressRequireSession(deps),
      fastify: () => fastifyRequireSession(deps),
      hono: () => honoRequireSession(deps),
      fetch: fetchRequireSession(deps),
    },
    loginPath: (provider, returnTo) => loginPath(paths, provider, returnTo),
    endSession: async ({ ref, user }) => revoke(user.provider, [await keeper.endOne(ref)]),
    endAllSessions: async ({ provider, subject }) => revoke(provider, await keeper.endAll(provider, subject)),
  }
}

function wire(settings: Settings): ClientDeps {
  const { baseUrl, providers, paths: pathOptions, store } = settings
  // With the slash of the root: an issuer on the same origin has none, and its own session cookie.
  const jar = cookieJar(new URL(baseUrl).href)
  const [only, ...others] = providers
  const paths = compilePaths(baseUrl, pathOptions, others.length === 0 ? (only?.id ?? null) : null)
  const transactionKeys = keysFor('doorward client transaction', settings)
  return {
    settings,
    paths,
    providers: new Map(providers.map((provider) => [provider.id, providerDeps(provider, paths, settings)])),
    jar,
    stateKeys: keysFor('doorward client state', settings),
    transactions: { jar, keys: transactionKeys },
    keeper: keeperOf(jar, settings),
    replays: store?.replays ?? memoryReplays(),
    sessions: store?.sessions ?? null,
  }
}

function keysFor(purpose: string, { secrets }: Settings): readonly [Uint8Array, ...Uint8Array[]] {
  const [first, ...others] = secrets
  return [hkdfSha256(first, purpose), ...others.map((secret) => hkdfSha256(secret, purpose))]
}

function providerDeps(
  provider: ProviderDeps['provider'],
  paths: Paths,
  { baseUrl, loopback, allowPrivateHosts, clock, clockToleranceSeconds }: Settings,
): ProviderDeps {
  const fetch = asFetch({ loopback, allowPrivateHosts })
  return {
    provider,
    fetch,
    metadata: rememberMetadata(provider, fetch, clock),
    keys: rememberKeys(fetch),
    redirectUri: new URL(paths.callback(provider.id), baseUrl).href,
    clock,
    clockTolerance: clockToleranceSeconds,
  }
}

function keeperOf(jar: CookieJar, settings: Settings): SessionKeeper {
  const lifetimes = { idle: settings.sessionIdleSeconds, absolute: settings.sessionSeconds }
  return sealedSessions({ jar, keys: keysFor('doorward client session', settings), lifetimes })
}

function loginPath(paths: Paths, provider: string, returnTo?: string): string {
  const query = returnTo === undefined ? '' : `?${new URLSearchParams({ return_to: returnTo })}`
  return paths.login(provider) + query
}
