import { randomToken } from '@doorward/core/crypto'
import { authorizationUrl, type Wishes } from './authorization-request.ts'
import type { ProviderDeps } from './provider-deps.ts'
import { type Circumstances, makeState } from './state.ts'
import { type CookieTerms, giveTransaction, type TransactionDeps } from './transaction.ts'

/** What sign-ins begin and end with. */
export type SignInKeys = {
  /** What `state` is authenticated with: the first makes, all read. */
  readonly stateKeys: readonly [Uint8Array, ...Uint8Array[]]
  readonly transactions: TransactionDeps
}

/** A sign-in that is about to begin. */
export type Leaving = CookieTerms & {
  /** Where to go afterwards, kept in the transaction. */
  readonly returnTo: string
  readonly circumstances: Circumstances
  readonly cookieHeader: string | null
  readonly wishes?: Wishes
}

/** Where the browser goes, and the cookies that it takes along. */
export type Departure = { readonly url: URL; readonly cookies: readonly string[] }

/**
 * Begins a sign-in: fresh state, nonce and verifier, sealed into a cookie of this tab. Nothing is written anywhere
 * else. Throws ClientError where discovery fails.
 */
export async function depart(
  { returnTo, circumstances, cookieHeader, sameSite, wishes }: Leaving,
  asked: ProviderDeps,
  { stateKeys, transactions }: SignInKeys,
): Promise<Departure> {
  const state = makeState(asked.clock(), circumstances, stateKeys[0])
  const [verifier, nonce] = [randomToken(), randomToken()]
  const url = await authorizationUrl({ state, nonce, verifier }, asked, wishes)
  const transaction = { provider: asked.provider.id, verifier, nonce, returnTo }
  const cookies = giveTransaction(state, transaction, transactions, { sameSite, cookieHeader })
  return { url, cookies }
}
