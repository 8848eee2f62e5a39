import { type CookieJar, parseCookies } from '@doorward/core'
import { openAesGcm, sealAesGcm } from '@doorward/core/crypto'
import { SIGN_IN_SECONDS, stateId } from './state.ts'

/** A sign-in that is under way, kept in the browser alone. */
export type Transaction = {
  readonly provider: string
  /** RFC 7636 §4.1. */
  readonly verifier: string
  /** OpenID Connect Core §3.1.2.1. */
  readonly nonce: string
  /** Where to go afterwards: a path of the app, or whatever else it goes on by. */
  readonly returnTo: string
}

/** What the browser brings of a transaction. */
export type FoundTransaction =
  | { readonly kind: 'absent' }
  /** The sign-in is over; `returnTo` is where it led. */
  | { readonly kind: 'used'; readonly returnTo: string }
  | { readonly kind: 'live'; readonly transaction: Transaction }

/** What transaction cookies are made with. */
export type TransactionDeps = {
  readonly jar: CookieJar
  /** The first seals, all open. */
  readonly keys: readonly [Uint8Array, ...Uint8Array[]]
}

/** How a cookie is to be given: `None` for providers that answer by a form from their own site. */
export type CookieTerms = { readonly sameSite: 'Lax' | 'None' }

const BASE = 'dw-sign-in'
/** More tabs than people sign in with at once; what is older makes place, so that headers stay small. */
const MAX_TABS = 5
const USED = 'used.'

/**
 * A cookie for one sign-in, named after its state, so that several tabs each finish; and the removal of the oldest
 * where there are too many.
 */
export function giveTransaction(
  state: string,
  transaction: Transaction,
  { jar, keys }: TransactionDeps,
  { sameSite, cookieHeader }: CookieTerms & { readonly cookieHeader: string | null },
): readonly string[] {
  const base = baseOf(state)
  const value = sealAesGcm(keys[0], JSON.stringify(transaction), state)
  const others = basesIn(cookieHeader, jar).slice(0, -(MAX_TABS - 1))
  return [
    jar.serialize(base, value, SIGN_IN_SECONDS, sameSite),
    ...others.map((other) => jar.serialize(other, '', 0, sameSite)),
  ]
}

/** The transaction of a state, out of the Cookie header. */
export function findTransaction(
  state: string,
  cookieHeader: string | null,
  { jar, keys }: TransactionDeps,
): FoundTransaction {
  const value = parseCookies(cookieHeader).get(jar.name(baseOf(state)))
  if (value === undefined) return { kind: 'absent' }
  const used = value.startsWith(USED)
  const opened = openWithAny(keys, used ? value.slice(USED.length) : value, state)
  if (opened === null) return { kind: 'absent' }
  const transaction = parseTransaction(opened)
  return used ? { kind: 'used', returnTo: transaction.returnTo } : { kind: 'live', transaction }
}

/** Marks the cookie as used rather than removing it: a second click is then told from a lost cookie. */
export function useTransaction(
  state: string,
  { returnTo }: Transaction,
  { jar, keys }: TransactionDeps,
  { sameSite }: CookieTerms,
): string {
  // Without what protected it.
  const rest: Transaction = { provider: '', verifier: '', nonce: '', returnTo }
  const value = USED + sealAesGcm(keys[0], JSON.stringify(rest), state)
  return jar.serialize(baseOf(state), value, SIGN_IN_SECONDS, sameSite)
}

function openWithAny(keys: readonly Uint8Array[], value: string, state: string): string | null {
  for (const key of keys) {
    const opened = openAesGcm(key, value, state)
    if (opened !== null) return opened
  }
  return null
}

function baseOf(state: string): string {
  return `${BASE}-${stateId(state)}`
}

/** The bases of all transaction cookies, the oldest first. */
function basesIn(cookieHeader: string | null, jar: CookieJar): readonly string[] {
  const [start = '', end = ''] = jar.name(`${BASE}-\0`).split('\0')
  return [...parseCookies(cookieHeader).keys()]
    .filter((name) => name.startsWith(start) && name.endsWith(end))
    .map((name) => `${BASE}-${name.slice(start.length, name.length - end.length)}`)
    .toSorted()
}

/** Sealed by us, so it has the shape that we gave it. */
function parseTransaction(text: string): Transaction {
  return JSON.parse(text)
}
