import type { VerificationKey } from '@doorward/core/crypto'
import { parseJwks, type RemoteJwks, remoteJwks } from '@doorward/core/jwks'
import { discoveryAddresses, maxAgeOf, parseDiscovery } from './discovery.ts'
import { type Fetch, fetchJson } from './fetch-json.ts'
import { IssuerError } from './refusal.ts'
import type { TokenRules } from './verify.ts'

/** For discovery and keys together. */
const TIMEOUT_MS = 5_000

/** Whose keys, and how they are fetched. */
export type KeySourceOptions = Pick<TokenRules, 'issuer' | 'algorithms'> & {
  readonly jwksUri: string | null
  readonly fetch: Fetch
  /** Seconds since 1970. */
  readonly clock: () => number
}

/** The issuer's keys, kept fresh. */
export type KeySource = {
  /**
   * The keys to judge a token of this `kid` with: at once where they are in hand. Throws, or rejects with,
   * IssuerError where there are none.
   */
  readonly keysFor: (kid: string | null, now: number) => Keys | Promise<Keys>
  /** True where this key is one of them and nothing needs to be fetched: the short way for known tokens. */
  readonly holds: (key: VerificationKey, now: number) => boolean
  /** Seconds until asking again makes sense. */
  readonly retryAfter: () => number
}

type Keys = readonly VerificationKey[]

/** Drives the state machine of `@doorward/core/jwks` with a fetch and a clock. */
export function createKeySource(options: KeySourceOptions): KeySource {
  const { clock } = options
  let state: RemoteJwks = remoteJwks.initial
  let underWay: Promise<void> = Promise.resolve()
  let failure: IssuerError | null = null

  const current = (): Keys => {
    if (state.keys === null) throw failure ?? new IssuerError('issuer_unreachable', 'No keys yet')
    return state.keys
  }

  const refresh = async (): Promise<void> => {
    try {
      const { keys, maxAge } = await loadKeys(options)
      state = remoteJwks.received(state, keys, clock(), maxAge)
      failure = null
    } catch (error) {
      failure = error instanceof IssuerError ? error : unexpected(error)
      state = remoteJwks.failed(state, clock())
    }
  }

  const start = (asked: { now: number; kid: string | null }): void => {
    state = remoteJwks.started(state, asked)
    underWay = refresh()
  }

  const keysFor = (kid: string | null, now: number): Keys | Promise<Keys> => {
    const asked = { now, kid }
    const decision = remoteJwks.decideFetch(state, asked)
    if (decision === 'fetch' || decision === 'refresh') start(asked)
    return decision === 'fetch' || decision === 'wait' ? underWay.then(current) : current()
  }

  const holds = (key: VerificationKey, now: number): boolean =>
    now < state.staleAt && state.keys !== null && state.keys.includes(key)

  return { keysFor, holds, retryAfter: () => remoteJwks.retryAfter(state, clock()) }
}

async function loadKeys(options: KeySourceOptions): Promise<{ keys: Keys; maxAge: number }> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const jwksUri = options.jwksUri ?? (await untilAborted(discover(options, signal), signal))
  const { json, cacheControl } = await untilAborted(fetchJson(options.fetch, jwksUri, signal), signal)
  try {
    return { keys: parseJwks(json, options.algorithms), maxAge: maxAgeOf(cacheControl) }
  } catch (cause) {
    throw new IssuerError('issuer_unreadable', `${jwksUri} is not a JWK Set`, { cause })
  }
}

/** Tries both addresses; where both fail, the first that answered something says why. */
async function discover(options: KeySourceOptions, signal: AbortSignal): Promise<string> {
  const failures: IssuerError[] = []
  for (const address of discoveryAddresses(options.issuer)) {
    try {
      const { json } = await fetchJson(options.fetch, address, signal)
      return parseDiscovery(json, options.issuer, address)
    } catch (error) {
      failures.push(error instanceof IssuerError ? error : unexpected(error))
    }
  }
  throw failures.find(({ reason }) => reason !== 'issuer_unreachable') ?? failures[0] ?? unexpected(null)
}

/** A fetch of somebody's own may not heed the signal. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () =>
      reject(new IssuerError('issuer_unreachable', 'The issuer did not answer in 5 seconds'))
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function unexpected(cause: unknown): IssuerError {
  return new IssuerError('issuer_unreachable', 'The keys could not be fetched', { cause })
}
