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

/** How a sign-in ended: in a session, or not. */
export type Ending = 'used' | 'failed'

/** What the browser brings of a transaction. */
export type FoundTransaction =
  | { readonly kind: 'absent' }
  /** The sign-in is over; `returnTo` is where it led, or would have led had it not failed. */
  | { readonly kind: Ending; readonly returnTo: string }
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
const MARKS = { used: 'used.', failed: 'failed.' } as const satisfies Record<Ending, string>

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
  const ending = endingOf(value)
  const opened = openWithAny(keys, ending === null ? value : value.slice(MARKS[ending].length), state)
  if (opened === null) return { kind: 'absent' }
  const transaction = parseTransaction(opened)
  return ending === null ? { kind: 'live', transaction } : { kind: ending, returnTo: transaction.returnTo }
}

/** Marks the cookie rather than removing it: a second click is then told from a lost cookie, and from a failure. */
export function endTransaction(
  state: string,
  { returnTo }: Transaction,
  { jar, keys }: TransactionDeps,
  { sameSite, ending }: CookieTerms & { readonly ending: Ending },
): string {
  // Without what protected it.
  const rest: Transaction = { provider: '', verifier: '', nonce: '', returnTo }
  const value = MARKS[ending] + sealAesGcm(keys[0], JSON.stringify(rest), state)
  return jar.serialize(baseOf(state), value, SIGN_IN_SECONDS, sameSite)
}

function endingOf(value: string): Ending | null {
  if (value.startsWith(MARKS.used)) return 'used'
  return value.startsWith(MARKS.failed) ? 'failed' : null
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

/**
 * The bases of all transaction cookies, the oldest first. Those of one second stay in the header's order, in which
 * browsers have the older one first (RFC 6265 §5.4).
 */
function basesIn(cookieHeader: string | null, jar: CookieJar): readonly string[] {
  const [start = '', end = ''] = jar.name(`${BASE}-\0`).split('\0')
  return [...parseCookies(cookieHeader).keys()]
    .filter((name) => name.startsWith(start) && name.endsWith(end))
    .map((name) => `${BASE}-${name.slice(start.length, name.length - end.length)}`)
    .toSorted((one, other) => secondOf(one).localeCompare(secondOf(other)))
}

/** Eight hexadecimal digits: see `stateId`. */
const secondOf = (base: string): string => base.slice(BASE.length + 1, BASE.length + 9)

/** Sealed by us, so it has the shape that we gave it. */
function parseTransaction(text: string): Transaction {
  return JSON.parse(text)
}
