import { isLoopbackHost } from '@doorward/core'
import { checkProviders } from './check-provider.ts'
import { checkStore } from './check-store.ts'
import { type ClientError, OptionError } from './errors.ts'
import type { TokenSet } from './exchange/token-set.ts'
import { parseHostPort } from './outgoing/host-port.ts'
import type { ClientStore } from './ports.ts'
import type { Provider } from './providers/provider.ts'
import type { User } from './session/session.ts'

/** Somebody has proven who they are, and is not signed in to the app yet. */
export type SignInEvent = {
  readonly user: User
  /** The provider's own tokens. */
  readonly tokens: TokenSet
}

/** `userId`: the app's own name for the user. `refuse`: why the person may not in, shown to them. */
export type SignInVerdict = { readonly userId: string } | { readonly refuse: string }

/** Something failed while the client answered a request, or a refresh ended a session (`refresh_refused`). */
export type FailureEvent = {
  readonly error: ClientError
  /** null where a refresh failed, which belongs to no request. */
  readonly method: string | null
  /** Without the query, which may hold a code. null as `method` is. */
  readonly path: string | null
}

/** Where the client answers, under the path of `baseUrl`. */
export type PathOptions = {
  /** Begins a sign-in. Default `/login/:provider`; with one provider, `:provider` may be left out. */
  readonly login?: string
  /** What providers send people back to. Default `/login/:provider/callback`; the same holds. */
  readonly callback?: string
  /** Default `/logout`. */
  readonly logout?: string
  /** Where providers end sessions. Default `/logout/back-channel/:provider`. */
  readonly backChannelLogout?: string
}

/** What `createClient` takes. */
export type ClientOptions = {
  /** The app's address as browsers see it: https, or http on localhost. */
  readonly baseUrl: string
  /** At least 32 random characters. Of a list the first seals, all open: put a new one in front to change it. */
  readonly secret: string | readonly string[]
  /** Whom people can sign in with. */
  readonly providers: readonly Provider[]
  /** Where sessions and tokens are. Default: sessions sealed in their cookie, and no tokens kept. */
  readonly store?: ClientStore
  /** Where to go after a sign-in that asked for nothing else: a path of the app. Default: `baseUrl`'s own path and `/`. */
  readonly afterSignIn?: string
  /** The same after a sign-out. To come back from the provider, it must be registered there. Default: the same. */
  readonly afterSignOut?: string
  /** Whether `/logout` also signs out at the provider, where it has an endpoint for that. Default true. */
  readonly signOutAtProvider?: boolean
  /**
   * Whether `/logout`, and the end of a session by its time, revoke its tokens, where the provider has an endpoint for
   * that. False for a provider that takes the whole consent back with one token, and so ends what the person has on
   * other devices. Default true.
   */
  readonly revokeAtSignOut?: boolean
  /** Where the client answers. */
  readonly paths?: PathOptions
  /**
   * A session ends after so many seconds without a request, give or take a minute (or a quarter of them, where that is
   * less). Needs a store. Default 43,200 (12 hours).
   */
  readonly sessionIdleSeconds?: number
  /** A session ends after so many seconds. Default 1,209,600 (14 days). */
  readonly sessionSeconds?: number
  /** `host:port` pairs on private addresses, or on http, that providers may have. */
  readonly allowPrivateHosts?: readonly string[]
  /** How far the clocks of provider and app may differ. Default 30, at most 300. */
  readonly clockToleranceSeconds?: number
  /** How long one answer of a provider is waited for. From 1 to 60; default 10. */
  readonly timeoutSeconds?: number
  /** Maps the account to the app's own user, or refuses it. */
  readonly onSignIn?: (
    event: SignInEvent,
  ) => SignInVerdict | void | Promise<SignInVerdict | undefined> | Promise<void>
  /** Told of each failure, to log it. An address that it returns is where the browser goes, instead of a page. */
  readonly onError?: (event: FailureEvent) => string | void | Promise<string | undefined> | Promise<void>
  /** The time in seconds since 1970. Default: the system's. */
  readonly clock?: () => number
}

/** The options, checked and complete. */
export type Settings = Required<
  Omit<ClientOptions, 'store' | 'secret' | 'paths' | 'onSignIn' | 'onError'>
> & {
  readonly secrets: readonly [string, ...string[]]
  readonly paths: Required<PathOptions>
  readonly store: ClientStore | null
  readonly onSignIn: NonNullable<ClientOptions['onSignIn']>
  readonly onError: NonNullable<ClientOptions['onError']>
  readonly loopback: boolean
}

const KEYS: readonly string[] = [
  ...['baseUrl', 'secret', 'providers', 'store', 'afterSignIn', 'afterSignOut', 'signOutAtProvider'],
  ...['revokeAtSignOut', 'paths'],
  ...['sessionIdleSeconds', 'sessionSeconds', 'allowPrivateHosts', 'clockToleranceSeconds'],
  ...['timeoutSeconds', 'onSignIn', 'onError', 'clock'],
]
const PATHS = {
  login: '/login/:provider',
  callback: '/login/:provider/callback',
  logout: '/logout',
  backChannelLogout: '/logout/back-channel/:provider',
} as const satisfies Required<PathOptions>
const YEAR = 31_622_400

/** Checks the options and fills in defaults. Throws OptionError, which names the option and the fix. */
export function parseOptions(options: ClientOptions): Settings {
  checkKnown(options)
  const baseUrl = baseUrlOf(options.baseUrl)
  const root = `${new URL(baseUrl).pathname.replace(/\/$/, '')}/`
  return {
    baseUrl,
    loopback: isLoopbackHost(new URL(baseUrl).hostname),
    secrets: secretsOf(options.secret),
    providers: checkProviders(options.providers),
    store: checkStore(options.store),
    afterSignIn: pathOf(options.afterSignIn ?? root, 'afterSignIn'),
    afterSignOut: pathOf(options.afterSignOut ?? root, 'afterSignOut'),
    signOutAtProvider: switchOf(options.signOutAtProvider, 'signOutAtProvider'),
    revokeAtSignOut: switchOf(options.revokeAtSignOut, 'revokeAtSignOut'),
    paths: pathsOf(options),
    sessionIdleSeconds: idleOf(options),
    sessionSeconds: seconds(options.sessionSeconds ?? 1_209_600, 'sessionSeconds', { least: 1, most: YEAR }),
    allowPrivateHosts: hostsOf(options.allowPrivateHosts ?? []),
    clockToleranceSeconds: seconds(options.clockToleranceSeconds ?? 30, 'clockToleranceSeconds', {
      least: 0,
      most: 300,
    }),
    timeoutSeconds: seconds(options.timeoutSeconds ?? 10, 'timeoutSeconds', { least: 1, most: 60 }),
    onSignIn: functionOf(options.onSignIn, 'onSignIn') ?? nothing,
    onError: functionOf(options.onError, 'onError') ?? nothing,
    clock: functionOf(options.clock, 'clock') ?? systemClock,
  }
}

function checkKnown(options: object): void {
  if (typeof options !== 'object' || options === null) {
    throw new OptionError('options', 'The options are missing. Give at least { baseUrl, secret, providers }.')
  }
  const unknown = Object.keys(options).find((name) => !KEYS.includes(name))
  if (unknown === undefined) return
  throw new OptionError(unknown, `There is no option ${unknown}. The options are: ${KEYS.join(', ')}.`)
}

function baseUrlOf(baseUrl: unknown): string {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) {
    const message =
      'baseUrl is not a URL. Give the address of the app as browsers see it, such as https://app.example.com.'
    throw new OptionError('baseUrl', message)
  }
  const url = new URL(baseUrl)
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
  if (!safe) {
    const message =
      'baseUrl is not https. Codes and cookies that travel over http can be read on their way: use https; http is for localhost only.'
    throw new OptionError('baseUrl', message)
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new OptionError('baseUrl', 'baseUrl has a query, a fragment or a user name. Remove it.')
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}

function secretsOf(secret: unknown): readonly [string, ...string[]] {
  const [first, ...others]: readonly unknown[] = Array.isArray(secret) ? secret : [secret]
  const long = (text: unknown): text is string => typeof text === 'string' && text.length >= 32
  if (long(first) && others.every(long)) return [first, ...others]
  const message =
    'secret is missing or has less than 32 characters. Make one with `openssl rand -base64 32`, and keep it out of the code.'
  throw new OptionError('secret', message)
}

/** A path of the app, and never another site's: `//host` and `/\host` lead away, and so may `/.//host` once resolved. */
export function isAppPath(path: string): boolean {
  if (!/^\/(?![/\\])[^\\\s\p{Cc}]*$/u.test(path)) return false
  const { host, pathname } = new URL(path, 'http://app.invalid')
  return host === 'app.invalid' && !pathname.startsWith('//')
}

function pathOf(path: unknown, option: string): string {
  if (typeof path === 'string' && isAppPath(path)) return path
  throw new OptionError(option, `${option} is not a path of the app. Give one such as /account.`)
}

function pathsOf({ paths = {}, providers }: ClientOptions): Required<PathOptions> {
  if (typeof paths !== 'object' || paths === null) {
    throw new OptionError('paths', 'paths is not an object such as { login, callback }.')
  }
  const unknown = Object.keys(paths).find((name) => !(name in PATHS))
  if (unknown !== undefined) {
    throw new OptionError(
      'paths',
      `There is no path ${unknown}. The paths are: ${Object.keys(PATHS).join(', ')}.`,
    )
  }
  const all = { ...PATHS, ...paths }
  const seen = new Map<string, string>()
  for (const [name, path] of Object.entries(all)) {
    checkPattern(path, name, providers.length)
    const other = seen.get(path)
    if (other !== undefined) {
      const message = `paths.${other} and paths.${name} are both ${path}: one of them would never be reached. Give one another.`
      throw new OptionError('paths', message)
    }
    seen.set(path, name)
  }
  return all
}

function checkPattern(path: unknown, name: string, providers: number): void {
  if (typeof path !== 'string' || !/^(?:\/(?::provider|[\w.~-]+))+$/.test(path)) {
    throw new OptionError(
      'paths',
      `paths.${name} is not a path such as ${name === 'logout' ? '/logout' : '/login/:provider'}.`,
    )
  }
  const named = path.split('/:provider').length - 1
  if (name === 'logout' && named > 0) {
    throw new OptionError(
      'paths',
      'paths.logout has :provider, which a sign-out does not need. Leave it out.',
    )
  }
  if (named > 1) throw new OptionError('paths', `paths.${name} has :provider more than once. Leave one.`)
  if (name !== 'logout' && providers > 1 && named === 0) {
    throw new OptionError('paths', `paths.${name} lacks :provider, which tells several providers apart.`)
  }
}

function hostsOf(hosts: unknown): readonly string[] {
  const wrong = Array.isArray(hosts)
    ? hosts.find((host) => typeof host !== 'string' || parseHostPort(host) === null)
    : hosts
  if (wrong === undefined && Array.isArray(hosts)) return hosts
  const message = `allowPrivateHosts holds ${JSON.stringify(wrong)}, which is not host:port, such as 10.0.0.5:8443.`
  throw new OptionError('allowPrivateHosts', message)
}

type Bounds = { readonly least: number; readonly most: number }

function seconds(value: unknown, option: string, { least, most }: Bounds): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw new OptionError(option, `${option} is not a whole number of seconds from ${least} to ${most}.`)
}

function idleOf({ sessionIdleSeconds, store }: ClientOptions): number {
  if (sessionIdleSeconds !== undefined && store === undefined) {
    const message =
      'sessionIdleSeconds needs a store: a session that is sealed in its cookie ends after sessionSeconds. Set that, or give a store.'
    throw new OptionError('sessionIdleSeconds', message)
  }
  return seconds(sessionIdleSeconds ?? 43_200, 'sessionIdleSeconds', { least: 1, most: YEAR })
}

function switchOf(value: unknown, option: string): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? true
  throw new OptionError(option, `${option} is ${JSON.stringify(value)}. Use true or false.`)
}

function functionOf<F extends (...parameters: never[]) => unknown>(
  value: F | undefined,
  option: string,
): F | undefined {
  if (value === undefined || typeof value === 'function') return value
  throw new OptionError(option, `${option} is not a function.`)
}

const nothing = (): undefined => undefined

function systemClock(): number {
  return Math.floor(Date.now() / 1000)
}
