import type { CookieJar } from '@doorward/core'
import { constantTimeEqual, hmacSha256, randomToken } from '@doorward/core/crypto'
import type { Inbound } from './inbound.ts'

const COOKIE = 'dw-csrf'
const COOKIE_VALUE = /^[A-Za-z0-9_-]{43}$/

/** What a page with a form needs: the hidden field's value, and the Set-Cookie value where there was no cookie. */
export type CsrfToken = { readonly field: string; readonly setCookie: string | null }

/** What a form token is made from. */
export type CsrfDeps = {
  /** `secrets.derive('csrf')`. */
  readonly csrfKey: Uint8Array
  readonly jar: CookieJar
  /** The issuer's origin. */
  readonly origin: string
}

/**
 * The token of a form: an HMAC over a random cookie. A page of another origin can make the browser post, but
 * neither read the cookie nor compute the field; on https no sibling host can plant a cookie (`__Host-`).
 * @see RFC 6749 §10.12
 */
export function csrfToken(inbound: Inbound, deps: CsrfDeps): CsrfToken {
  const present = csrfCookie(inbound, deps.jar)
  const value = present ?? randomToken(32)
  return {
    field: fieldFor(value, deps.csrfKey),
    setCookie: present === null ? deps.jar.serialize(COOKIE, value) : null,
  }
}

/** True where a form came from a page of ours in this browser. */
export function csrfHolds(inbound: Inbound, form: URLSearchParams, deps: CsrfDeps): boolean {
  const cookie = csrfCookie(inbound, deps.jar)
  if (cookie === null || isCrossSite(inbound, deps.origin)) return false
  return constantTimeEqual(form.get('csrf') ?? '', fieldFor(cookie, deps.csrfKey))
}

/**
 * True where the browser itself says that another site made it post. `same-site` is refused too: a sibling
 * host is not ours. `Origin: null` says nothing (a sandboxed frame, or an old browser's redirect), so the token decides.
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isCrossSite(inbound: Inbound, origin: string): boolean {
  const { request } = inbound
  const site = request.header('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') return true
  const from = request.header('origin')
  return from !== null && from !== 'null' && from !== origin
}

function csrfCookie(inbound: Inbound, jar: CookieJar): string | null {
  const value = inbound.cookies.get(jar.name(COOKIE))
  return value !== undefined && COOKIE_VALUE.test(value) ? value : null
}

function fieldFor(cookie: string, key: Uint8Array): string {
  return hmacSha256(key, cookie)
}
