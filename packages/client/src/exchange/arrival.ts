import { sha256 } from '@doorward/core/crypto'
import { ClientError, type ClientErrorCode } from '../errors.ts'
import type { AuthorizationAnswer } from './authorization-answer.ts'
import type { SignInKeys } from './departure.ts'
import type { ProviderDeps } from './provider-deps.ts'
import { type Circumstances, readState, SIGN_IN_SECONDS } from './state.ts'
import { type FoundTransaction, findTransaction } from './transaction.ts'

/** What a browser brings back from a provider. */
export type Arriving = {
  readonly answer: AuthorizationAnswer
  readonly cookieHeader: string | null
  /** True where a form of another site brought it, with which browsers send no SameSite=Lax cookie. */
  readonly byForm: boolean
}

/** The sign-in of this browser, at the provider that was asked, which an answer belongs to. */
export type Arrival = Exclude<FoundTransaction, { kind: 'absent' }>

/**
 * Finds the sign-in that an answer belongs to: `state` was made here, in time, for this browser, and for this provider
 * (RFC 6749 §10.12, RFC 9700 §4.4). Nothing is used up. Throws ClientError.
 */
export function findArrival(arriving: Arriving, asked: ProviderDeps, keys: SignInKeys): Arrival {
  const { id } = asked.provider
  const { state } = arriving.answer
  const circumstances = checkState(state, asked, keys)
  const found = findTransaction(state, arriving.cookieHeader, keys.transactions)
  if (found.kind === 'absent') throw lostCookie(arriving, circumstances, asked)
  if (found.kind === 'live' && found.transaction.provider !== id) {
    throw new ClientError('state_other_provider', { provider: id })
  }
  return found
}

/** Throws state_unknown, state_expired. */
export function checkState(
  state: string,
  { provider, clock }: ProviderDeps,
  { stateKeys }: Pick<SignInKeys, 'stateKeys'>,
): Circumstances {
  const reading = readState(state, stateKeys, clock())
  if (reading.kind === 'live') return reading.circumstances
  const code = reading.kind === 'unknown' ? 'state_unknown' : 'state_expired'
  throw new ClientError(code, { provider: provider.id })
}

const LOST = {
  fine: 'state_cookie_lost',
  other_host: 'state_cookie_host',
  plain_http: 'state_cookie_http',
} as const satisfies Readonly<Record<Circumstances, ClientErrorCode>>

function lostCookie(
  { byForm }: Arriving,
  circumstances: Circumstances,
  { provider }: ProviderDeps,
): ClientError {
  return new ClientError(byForm ? 'state_cookie_same_site' : LOST[circumstances], { provider: provider.id })
}

/** What says to exactly one of all callers that a key is theirs. `expiresAt` and `now` in seconds. */
export type InsertOnce = (key: string, expiresAt: number, now: number) => Promise<boolean>

/**
 * Uses a state up. The browser may keep the cookie (another's hand on a copied jar), so the store decides who is
 * first. Throws state_used.
 */
export async function claimState(
  state: string,
  { provider, clock }: ProviderDeps,
  insertOnce: InsertOnce,
): Promise<void> {
  const now = clock()
  if (await insertOnce(`state:${sha256(state)}`, now + 2 * SIGN_IN_SECONDS, now)) return
  throw new ClientError('state_used', { provider: provider.id })
}
