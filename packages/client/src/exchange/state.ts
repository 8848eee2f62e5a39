import { constantTimeEqual, hmacSha256, timedToken } from '@doorward/core/crypto'

/** A sign-in that takes longer than this, in seconds, starts again. */
export const SIGN_IN_SECONDS = 600

/** What went wrong already when a sign-in began; it matters only where the cookie does not come back. */
export type Circumstances = 'fine' | 'other_host' | 'plain_http'

/** What `state` says by itself. */
export type StateReading =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'live'; readonly circumstances: Circumstances }

const LETTERS = { fine: 'a', other_host: 'h', plain_http: 'p' } as const satisfies Record<
  Circumstances,
  string
>
const FORM = /^([0-9a-f]{8}[\w-]{43})([ahp])([\w-]{22})$/
/** Clocks of two machines behind one name may differ so much. */
const SKEW = 60

/**
 * `state` of an authorization request (RFC 6749 §4.1.1): random, and authenticated. What binds it to the browser is
 * the cookie; the rest is there to say why there is none.
 */
export function makeState(now: number, circumstances: Circumstances, key: Uint8Array): string {
  const text = timedToken(now) + LETTERS[circumstances]
  return text + authenticate(text, key)
}

/** Says whether a `state` was made here, and under which circumstances. */
export function readState(state: string, keys: readonly Uint8Array[], now: number): StateReading {
  const [, token = '', letter = '', code = ''] = FORM.exec(state) ?? []
  if (!keys.some((key) => constantTimeEqual(authenticate(token + letter, key), code))) {
    return { kind: 'unknown' }
  }
  const madeAt = Number.parseInt(token.slice(0, 8), 16)
  if (now > madeAt + SIGN_IN_SECONDS || now < madeAt - SKEW) return { kind: 'expired' }
  return { kind: 'live', circumstances: circumstancesOf(letter) }
}

/** What tells the cookies of several tabs apart: they sort by the second of their making. */
export function stateId(state: string): string {
  return state.slice(0, 16)
}

function authenticate(text: string, key: Uint8Array): string {
  return hmacSha256(key, text).slice(0, 22)
}

function circumstancesOf(letter: string): Circumstances {
  if (letter === LETTERS.other_host) return 'other_host'
  return letter === LETTERS.plain_http ? 'plain_http' : 'fine'
}
