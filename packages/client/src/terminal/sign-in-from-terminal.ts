import { isLoopbackHost } from '@doorward/core'
import { constantTimeEqual, randomToken } from '@doorward/core/crypto'
import { checkProvider } from '../check-provider.ts'
import { ClientError } from '../errors.ts'
import { checkAuthorizationAnswer, parseAuthorizationAnswer } from '../exchange/authorization-answer.ts'
import { authorizationUrl, type FreshValues } from '../exchange/authorization-request.ts'
import { askProvider, type ProviderDeps } from '../exchange/provider-deps.ts'
import { exchangeCode, type SignedIn } from '../exchange/sign-in.ts'
import type { Provider } from '../providers/provider.ts'
import { openInBrowser } from './browser.ts'
import { type Judge, type Loopback, listenOnLoopback } from './loopback.ts'
import type { Page } from './page.ts'

/** One sign-in from a program without a web page of its own. */
export type TerminalOptions = {
  /** Whom to ask, such as `doorward({ issuer, clientId })`. A program on people's machines keeps no secret: leave it out. */
  readonly provider: Provider
  /** How the address gets to the person; the platform's browser by default. */
  readonly open?: (url: string) => unknown
  /** Where the address is written to, for when no browser opens; standard error by default. */
  readonly print?: (text: string) => void
  /** For providers that demand a registered port (RFC 8252 §7.3 lets it be any); a free one by default. */
  readonly port?: number
  /** How long a person may take, in seconds; 300 by default. */
  readonly timeoutSeconds?: number
  /** `host:port` pairs of the provider that may be at private addresses. Loopback may, where the provider is there. */
  readonly allowPrivateHosts?: readonly string[]
  /** Ends the wait early. */
  readonly signal?: AbortSignal
}

const clock = (): number => Math.floor(Date.now() / 1000)
/** So far may the provider's clock be off, in seconds. */
const clockTolerance = 30

function depsOf(
  { provider, allowPrivateHosts = [] }: TerminalOptions,
  { redirectUri }: Loopback,
): ProviderDeps {
  const address = provider.issuer ?? provider.endpoints?.token ?? ''
  const loopback = URL.canParse(address) && isLoopbackHost(new URL(address).hostname)
  return askProvider(provider, { redirectUri, clock, clockTolerance, loopback, allowPrivateHosts })
}

const done: Page = {
  status: 200,
  title: 'You are signed in',
  text: 'You can close this window and go back to the terminal.',
}

function failed(error: unknown): Page {
  const { title, status } =
    error instanceof ClientError ? error.explained : { title: 'It failed', status: 500 }
  return { status, title, text: 'You can close this window: the terminal says more.' }
}

/** Judges what comes back; the first answer with the right state settles the sign-in, whatever it says. */
function judging(
  { state, nonce, verifier }: FreshValues,
  deps: ProviderDeps,
  { resolve, reject }: { resolve: (signedIn: SignedIn) => void; reject: (error: unknown) => void },
): Judge {
  let settled: Promise<Page> | null = null
  const settle = async (parameters: URLSearchParams): Promise<Page> => {
    try {
      const { id } = deps.provider
      const answer = parseAuthorizationAnswer(parameters, id)
      const code = await checkAuthorizationAnswer(answer, deps)
      resolve(await exchangeCode(code, { verifier, nonce }, answer, deps))
      return done
    } catch (error) {
      reject(error)
      return failed(error)
    }
  }
  return async (parameters) => {
    // Anything on this machine can knock here: only the browser that was sent off knows the state (RFC 8252 §8.9).
    if (!constantTimeEqual(parameters.get('state') ?? '', state)) return null
    settled ??= settle(parameters)
    return settled
  }
}

/** Rejects when the person takes too long, or the program gives up. */
function giveUp(reject: (error: unknown) => void, { timeoutSeconds = 300, signal }: TerminalOptions) {
  const timer = setTimeout(() => reject(new ClientError('terminal_timed_out')), timeoutSeconds * 1000)
  const abort = (): void => reject(signal?.reason)
  signal?.addEventListener('abort', abort)
  if (signal?.aborted === true) abort()
  return (): void => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

async function show(url: string, options: TerminalOptions): Promise<void> {
  const { open = openInBrowser, print = (text) => process.stderr.write(`${text}\n`) } = options
  print(`Opening your browser to sign in. If none opens, go to:\n  ${url}`)
  await open(url)
}

/**
 * Signs somebody in from a terminal (RFC 8252): opens the browser, waits for it on 127.0.0.1, and hands out who it is
 * with their tokens. Keeps nothing. Throws OptionError, and ClientError: terminal_timed_out where nobody came back in time.
 *
 * @example const { profile, tokens } = await signInFromTerminal({ provider: doorward({ issuer, clientId }) })
 */
export async function signInFromTerminal(options: TerminalOptions): Promise<SignedIn> {
  const { provider } = options
  checkProvider(provider)
  if (provider.quirks?.formPost === true) throw new ClientError('https_required', { provider: provider.id })
  const loopback = await listenOnLoopback(options.port ?? 0)
  const { promise, resolve, reject } = Promise.withResolvers<SignedIn>()
  // It may fail while something else is waited for; then it is asked later.
  promise.catch(() => undefined)
  const stop = giveUp(reject, options)
  try {
    const deps = depsOf(options, loopback)
    const fresh = { state: randomToken(), nonce: randomToken(), verifier: randomToken() }
    const { href } = await authorizationUrl(fresh, deps)
    loopback.judgeBy(judging(fresh, deps, { resolve, reject }))
    await Promise.race([show(href, options), promise])
    return await promise
  } finally {
    stop()
    await loopback.close()
  }
}
