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
import {
  type HonoMiddleware,
  type HonoRequireSession,
  honoMiddleware,
  honoRequireSession,
} from './adapters/hono.ts'
import { ClientError } from './errors.ts'
import { askProvider, type ProviderDeps } from './exchange/provider-deps.ts'
import { refreshTokens } from './exchange/refresh.ts'
import { revokeTokens } from './exchange/revoke.ts'
import type { TokenSet } from './exchange/token-set.ts'
import type { ClientDeps } from './handlers/deps.ts'
import { tell } from './handlers/failure.ts'
import { RETURN_TO } from './handlers/login.ts'
import { compilePaths, type Paths } from './handlers/paths.ts'
import { type ClientOptions, parseOptions, type Settings } from './options.ts'
import type { ClientStore, VaultRow } from './ports.ts'
import { createRefresher, type RefreshDeps, type Refresher } from './refresh/refresher.ts'
import { tokenFetch } from './refresh/token-fetch.ts'
import { memoryReplays } from './session/memory-replays.ts'
import { sealedSessions } from './session/sealed-sessions.ts'
import type { Session, SessionKeeper } from './session/session.ts'
import { storedSessions } from './session/stored-sessions.ts'
import { startUpkeep } from './upkeep.ts'
import { createKeyRing } from './vault/key-ring.ts'
import { resealAll, type SecretUse, secretUse } from './vault/reseal.ts'
import { createSealer, type Sealer } from './vault/seal.ts'

/** Guards the app's own routes, in each framework's way. */
export type RequireSession = {
  /** `app.get('/me', signIn.requireSession.express(), handler)` → `req.signedIn` */
  express(): ExpressMiddleware
  /** `{ onRequest: signIn.requireSession.fastify() }` → `request.signedIn` */
  fastify(): FastifyHook
  /** `app.get('/me', signIn.requireSession.hono(), handler)` → `c.get('signedIn')` */
  hono(): HonoRequireSession
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
  /** Guards the app's own routes; see below. */
  readonly requireSession: RequireSession
  /** Where a sign-in with a provider begins: for links and buttons. `returnTo` is a path of the app. */
  loginPath(provider: string, returnTo?: string): string
  /** Ends one session and revokes its tokens. Throws ClientError: sessions_not_kept. */
  endSession(session: Pick<Session, 'ref' | 'user'>): Promise<void>
  /** Ends all sessions of an account. Throws ClientError: sessions_not_kept. */
  endAllSessions(account: { readonly provider: string; readonly subject: string }): Promise<void>
  /**
   * A live access token of the provider, refreshed where it is needed. Throws ClientError: tokens_not_kept,
   * session_missing, tokens_not_opened, refresh_token_missing, refresh_refused (the session has ended), or why the
   * provider could not be asked.
   */
  getAccessToken(session: Pick<Session, 'ref'>): Promise<string>
  /**
   * A `fetch` that carries the access token, and tries once more with a fresh one after a 401. Rejects as
   * `getAccessToken` does; without a refresh token the API's 401 is the answer.
   */
  tokenFetch(session: Pick<Session, 'ref'>): typeof fetch
  /** How many rows of tokens need which secret: at zero an old one can be dropped from the list. */
  secretUse(): Promise<readonly SecretUse[]>
  /** Ends what is done beside requests. The store is the app's own to close. */
  close(): void
}

/**
 * Sign-in with other providers, for one app. Throws OptionError, which names the option and the fix.
 *
 * @example
 * const signIn = createClient({ baseUrl, secret, providers: [google({ clientId, clientSecret })] })
 * app.use(signIn.express())
 */
export function createClient(options: ClientOptions): SignIn {
  const settings = parseOptions(options)
  const { deps, tokens } = wire(settings)
  const { keeper, paths } = deps
  const { store, clock } = settings
  const endUpkeep =
    store === null
      ? () => undefined
      : startUpkeep({
          sweep: (limit) => store.sweep(clock(), limit),
          revoke: tokens.revoke,
          reseal: tokens.reseal,
        })
  return {
    express: () => expressMiddleware(deps),
    fastify: () => fastifyPlugin(deps),
    hono: () => honoMiddleware(deps),
    fetch: fetchHandler(deps),
    getSession: (request) => keeper.find(cookieHeaderOf(request), clock()),
    requireSession: {
      express: () => expressRequireSession(deps),
      fastify: () => fastifyRequireSession(deps),
      hono: () => honoRequireSession(deps),
      fetch: fetchRequireSession(deps),
    },
    loginPath: (provider, returnTo) => loginPath(paths, provider, returnTo),
    endSession: async ({ ref, user }) =>
      revokeAll(user.provider, [await keeper.endOne(ref, user.provider)], deps),
    endAllSessions: async ({ provider, subject }) =>
      revokeAll(provider, await keeper.endAll(provider, subject), deps),
    getAccessToken: ({ ref }) => tokens.refresher.getAccessToken(ref),
    tokenFetch: ({ ref }) => tokenFetch(ref, tokens.refresher),
    secretUse: tokens.secretUse,
    close: endUpkeep,
  }
}

function wire(settings: Settings): { readonly deps: ClientDeps; readonly tokens: Tokens } {
  const { baseUrl, providers, paths: pathOptions, store } = settings
  // With the slash of the root: an issuer on the same origin has none, and its own session cookie.
  const jar = cookieJar(new URL(baseUrl).href)
  const [only, ...others] = providers
  const paths = compilePaths(baseUrl, pathOptions, others.length === 0 ? (only?.id ?? null) : null)
  const asked = new Map(providers.map((provider) => [provider.id, providerDeps(provider, paths, settings)]))
  const tokens = tokensOf(asked, settings)
  const deps = {
    settings,
    paths,
    providers: asked,
    jar,
    stateKeys: keysFor('doorward client state', settings),
    transactions: { jar, keys: keysFor('doorward client transaction', settings) },
    arriving: new Map(),
    keeper: keeperOf(jar, tokens, settings),
    replays: store?.replays ?? memoryReplays(),
    sessions: store?.sessions ?? null,
  }
  return { deps, tokens }
}

function keysFor(purpose: string, { secrets, baseUrl }: Settings): readonly [Uint8Array, ...Uint8Array[]] {
  const [first, ...others] = secrets
  // Two apps with one secret do not take each other's cookies.
  const key = (secret: Uint8Array | string) => hkdfSha256(secret, `${purpose} ${baseUrl}`)
  return [key(first), ...others.map(key)]
}

function providerDeps(
  provider: ProviderDeps['provider'],
  paths: Paths,
  { baseUrl, loopback, allowPrivateHosts, timeoutSeconds, clock, clockToleranceSeconds }: Settings,
): ProviderDeps {
  return askProvider(provider, {
    redirectUri: new URL(paths.callback(provider.id), baseUrl).href,
    clock,
    clockTolerance: clockToleranceSeconds,
    loopback,
    allowPrivateHosts,
    timeoutMs: timeoutSeconds * 1000,
  })
}

/** What is kept of the providers' tokens. */
type Tokens = {
  readonly sealer: Sealer
  readonly refresher: Pick<Refresher, 'getAccessToken'>
  readonly reseal: () => Promise<number>
  /** Revokes what a row of a session that is over holds. */
  readonly revoke: (row: VaultRow) => Promise<void>
  readonly secretUse: () => Promise<readonly SecretUse[]>
}

function tokensOf(asked: ReadonlyMap<string, ProviderDeps>, settings: Settings): Tokens {
  const { secrets, store, clock, onError, revokeAtSignOut } = settings
  const ring = createKeyRing(secrets)
  const sealer = createSealer(ring, clock)
  if (store === null) {
    const refresher = { getAccessToken: notKept }
    return { sealer, refresher, reseal: notKept, revoke: notKept, secretUse: notKept }
  }
  const { vault, sessions } = store
  const refresh = async (provider: string, refreshToken: string): Promise<TokenSet> => {
    const deps = asked.get(provider)
    if (deps === undefined) throw new ClientError('unknown_provider', { provider })
    return refreshTokens(refreshToken, deps)
  }
  const end = async ({ ref }: VaultRow, error: ClientError): Promise<void> => {
    await sessions.delete(ref)
    await tell({ error, method: null, path: null }, onError)
  }
  const discard = async (provider: string, tokens: TokenSet): Promise<void> => {
    const deps = asked.get(provider)
    if (revokeAtSignOut && deps !== undefined) await revokeTokens(tokens, deps)
  }
  return {
    sealer,
    refresher: createRefresher({ vault: liveVault(store, clock), sealer, refresh, end, discard, clock }),
    reseal: () => resealAll({ vault, ring, sealer }),
    revoke: async (row) => {
      const opened = sealer.open(row)
      if (opened !== null) await discard(opened.provider, opened.tokens)
    },
    secretUse: () => secretUse({ vault, ring }),
  }
}

/** The vault of sessions that live: one that is over has no tokens, though its row still waits to be swept. */
function liveVault({ sessions, vault }: ClientStore, clock: () => number): RefreshDeps['vault'] {
  return {
    find: async (ref) => ((await sessions.find(ref, clock())) === null ? null : vault.find(ref)),
    lease: (...of) => vault.lease(...of),
    replace: (row) => vault.replace(row),
    release: (...of) => vault.release(...of),
  }
}

async function notKept(): Promise<never> {
  throw new ClientError('tokens_not_kept')
}

function keeperOf(jar: CookieJar, { sealer }: Tokens, settings: Settings): SessionKeeper {
  const { store, sessionIdleSeconds, sessionSeconds } = settings
  const lifetimes = { idle: sessionIdleSeconds, absolute: sessionSeconds }
  if (store !== null) return storedSessions({ store, jar, sealer, lifetimes })
  return sealedSessions({ jar, keys: keysFor('doorward client session', settings), lifetimes })
}

async function revokeAll(
  provider: string,
  ended: readonly (TokenSet | null)[],
  { providers }: ClientDeps,
): Promise<void> {
  const asked = providers.get(provider)
  if (asked === undefined) return
  await Promise.all(ended.map((tokens) => (tokens === null ? null : revokeTokens(tokens, asked))))
}

function loginPath(paths: Paths, provider: string, returnTo?: string): string {
  const query = returnTo === undefined ? '' : `?${new URLSearchParams({ [RETURN_TO]: returnTo })}`
  return paths.login(provider) + query
}
