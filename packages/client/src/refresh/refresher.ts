import { setTimeout as sleep } from 'node:timers/promises'
import { randomToken } from '@doorward/core/crypto'
import { ClientError } from '../errors.ts'
import { loadJose } from '../exchange/libraries.ts'
import type { TokenSet } from '../exchange/token-set.ts'
import type { Vault, VaultRow } from '../ports.ts'
import type { Opened, Sealer } from '../vault/seal.ts'
import { refreshAt } from './freshness.ts'
import { type Lease, underLease } from './lease.ts'

/** What refreshing needs. */
export type RefreshDeps = {
  readonly vault: Pick<Vault, 'find' | 'lease' | 'replace' | 'release'>
  readonly sealer: Sealer
  /** Asks the provider. Throws ClientError refresh_refused where it says no; all else is worth another try. */
  readonly refresh: (provider: string, refreshToken: string) => Promise<TokenSet>
  /** Ends what the tokens of `row` belong to, since the provider refused to renew them. */
  readonly end: (row: VaultRow, cause: ClientError) => Promise<void>
  /** Revokes tokens that came when what they belong to had ended. Absent: they end by themselves. */
  readonly discard?: (provider: string, tokens: TokenSet) => Promise<void>
  /** The time in seconds. */
  readonly clock: () => number
}

/** An access token with what its provider said of it. */
export type LiveToken = Pick<TokenSet, 'accessToken' | 'expiresAt' | 'scope'>

/** Tokens that are kept fresh. */
export type Refresher = {
  /**
   * A live access token of what `ref` names; with `refused`, which an API has turned down, another than that. Throws
   * ClientError: session_missing, tokens_not_opened, refresh_token_missing, refresh_refused (and the session has
   * ended), or why the provider could not be asked.
   */
  getAccessToken(ref: string, refused?: string): Promise<string>
  /** The same with what is known of the token. Throws as `getAccessToken` does. */
  getToken(ref: string, refused?: string): Promise<LiveToken>
}

type Held = { readonly row: VaultRow; readonly opened: Opened }

/** How often the provider is asked before its failure is told. */
const MOST_ATTEMPTS = 4
/** A token that is turned down this soon after it came is not turned down for its age: in seconds. */
const JUST_REFRESHED = 10
/** Longest wait for whoever is refreshing elsewhere: in seconds. */
const MOST_WAITING = 30
/** After so long a failure is told, so that a provider that answers nothing is waited for twice: in seconds. */
const MOST_RETRYING = 12
/** Milliseconds, as are these. */
const AFTER_FAILURE = 100
const POLL = { first: 20, most: 500, factor: 1.6 }

/**
 * Refreshes so that a refresh token is used once, however many ask: within the process by one promise for all,
 * between processes and machines by a lease in the store. Whoever has it asks the provider, the others wait for
 * the row to change. A holder that was killed loses the lease in seconds, and the next one brings the same refresh
 * token, as after an answer that was lost.
 */
export function createRefresher(deps: RefreshDeps): Refresher {
  const flights = new Map<string, Promise<LiveToken>>()
  const getToken: Refresher['getToken'] = async (ref, refused) => {
    const held = await load(ref, deps)
    if (isGood(held, refused, deps)) return held.opened.tokens
    // Whoever was turned down wants another token; the others may be served with the present one.
    const name = `${ref} ${refused ?? ''}`
    const flight = flights.get(name) ?? fly(ref, refused, deps).finally(() => flights.delete(name))
    flights.set(name, flight)
    return flight
  }
  return {
    getToken,
    getAccessToken: async (ref, refused) => (await getToken(ref, refused)).accessToken,
  }
}

async function load(ref: string, { vault, sealer }: RefreshDeps): Promise<Held> {
  const row = await vault.find(ref)
  if (row === null) throw new ClientError('session_missing')
  const opened = sealer.open(row)
  if (opened === null) throw new ClientError('tokens_not_opened')
  return { row, opened }
}

/** Nothing is to be done: the token is fresh, and not the one that was turned down. */
function isGood({ row, opened }: Held, refused: string | undefined, { clock }: RefreshDeps): boolean {
  if (opened.tokens.accessToken === refused) return clock() < opened.since + JUST_REFRESHED
  return clock() < refreshAt(row, opened)
}

/** Not yet expired: what remains where refreshing early did not succeed. */
function isAlive({ opened: { tokens } }: Held, refused: string | undefined, { clock }: RefreshDeps): boolean {
  return tokens.accessToken !== refused && (tokens.expiresAt === null || clock() < tokens.expiresAt)
}

/** Until there is a fresh token: refreshes it, or waits for whoever does. */
async function fly(ref: string, refused: string | undefined, deps: RefreshDeps): Promise<LiveToken> {
  const { vault, clock } = deps
  const holder = randomToken(12)
  const start = clock()
  for (let wait = POLL.first, attempts = 1; ; wait = Math.min(wait * POLL.factor, POLL.most)) {
    const held = await load(ref, deps)
    const { tokens } = held.opened
    if (isGood(held, refused, deps)) return tokens
    const alive = isAlive(held, refused, deps)
    if (tokens.refreshToken === null) {
      if (alive) return tokens
      throw new ClientError('refresh_token_missing', { provider: held.opened.provider })
    }
    const lease: Lease = { vault, clock, ref, version: held.row.version, holder }
    const outcome = await underLease(lease, () => refreshHeld(ref, refused, deps))
    if (outcome.kind === 'done') return outcome.result
    if (outcome.kind === 'failed' && isOver(outcome.error)) throw outcome.error
    // Whatever happens elsewhere, this one still serves.
    if (alive) return tokens
    if (outcome.kind === 'failed') {
      if (attempts >= MOST_ATTEMPTS || clock() >= start + MOST_RETRYING) throw outcome.error
      attempts += 1
      // What failed at once gets more time than what is merely waited for.
      wait = Math.max(wait, AFTER_FAILURE * attempts)
    } else if (clock() >= start + MOST_WAITING) {
      const detail = 'Another process has been refreshing for too long.'
      throw new ClientError('provider_unreachable', { provider: held.opened.provider, detail })
    }
    // Those that met wait differently long, so that they do not meet again.
    await sleep(wait * (0.5 + Math.random() / 2))
  }
}

/** Under the lease: looks again, for the row may have changed until it was had; then asks the provider. */
async function refreshHeld(ref: string, refused: string | undefined, deps: RefreshDeps): Promise<LiveToken> {
  const held = await load(ref, deps)
  const { provider, tokens } = held.opened
  if (isGood(held, refused, deps) || tokens.refreshToken === null) return tokens
  try {
    const fresh = await deps.refresh(provider, tokens.refreshToken)
    await checkSamePerson(tokens, fresh, provider)
    return await keep(held, merged(tokens, fresh), deps)
  } catch (error) {
    if (!isRefusal(error)) throw error
    // Somebody may have been quicker, whose lease had run out: then the refusal speaks of a token that is past.
    const later = await load(ref, deps)
    if (later.row.version !== held.row.version) return later.opened.tokens
    await deps.end(later.row, error)
    throw error
  }
}

const isRefusal = (error: unknown): error is ClientError =>
  error instanceof ClientError && error.code === 'refresh_refused'

/** What a provider leaves out stays as it was (RFC 6749 §6). */
const merged = (before: TokenSet, fresh: TokenSet): TokenSet => ({
  ...fresh,
  refreshToken: fresh.refreshToken ?? before.refreshToken,
  idToken: fresh.idToken ?? before.idToken,
  scope: fresh.scope === '' ? before.scope : fresh.scope,
})

/** The store may fail for a moment, and the old refresh token is of no use any more: tried again for longer. */
async function keep({ row, opened }: Held, tokens: TokenSet, deps: RefreshDeps): Promise<LiveToken> {
  const next = deps.sealer.sealNext(row, { provider: opened.provider, tokens })
  for (let attempts = 1; ; attempts += 1) {
    try {
      if (await deps.vault.replace(next)) return tokens
      // Kept already, by this call or by a holder before.
      return (await load(row.ref, deps)).opened.tokens
    } catch (error) {
      // Signed out meanwhile: whoever did that revoked the tokens before these.
      if (isGone(error)) await deps.discard?.(opened.provider, tokens)
      if (error instanceof ClientError || attempts >= MOST_ATTEMPTS) throw error
      await sleep(POLL.most * attempts)
    }
  }
}

/** `sub` of a refreshed ID token MUST be the same (OpenID Connect Core §12.2), or the tokens are somebody else's. */
async function checkSamePerson(before: TokenSet, fresh: TokenSet, provider: string): Promise<void> {
  if (before.idToken === null || fresh.idToken === null) return
  const { decodeJwt } = await loadJose()
  if (decodeJwt(before.idToken).sub === decodeJwt(fresh.idToken).sub) return
  throw new ClientError('refresh_refused', {
    provider,
    detail: 'It answered with the tokens of somebody else.',
  })
}

/** Refused, or signed out meanwhile: even a token that still lives is nobody's any more. */
const isOver = (error: unknown): boolean => isRefusal(error) || isGone(error)

const isGone = (error: unknown): boolean => error instanceof ClientError && error.code === 'session_missing'
