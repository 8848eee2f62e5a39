/**
 * What every answer carries. `nosniff`: an answer is what its Content-Type says, never a script by guess.
 */
export const COMMON_HEADERS = { 'X-Content-Type-Options': 'nosniff' } as const

/**
 * What every page carries beside its policy: never framed (clickjacking, RFC 9700 §4.16), never kept in a
 * cache, and its URL, which holds the authorization request, not handed to other origins. `same-origin` and
 * not `no-referrer`, under which browsers send `Origin: null` with our own forms.
 */
export const PAGE_HEADERS = {
  ...COMMON_HEADERS,
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
} as const

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

/**
 * The Content-Security-Policy of a page. `formTargets` are the redirect URI that this request has proven and
 * the upstream providers behind its buttons: Chromium applies form-action to the redirects after a form too.
 * @see https://www.w3.org/TR/CSP3/#directive-form-action
 */
export function contentSecurityPolicy(formTargets: readonly string[] = []): string {
  if (formTargets.length === 0) return POLICY
  return `${POLICY} ${[...new Set(formTargets.map(formActionSource))].join(' ')}`
}

/** The narrowest source expression for a URI: its origin, or its scheme where that is a custom one. */
function formActionSource(uri: string): string {
  const url = new URL(uri)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return url.protocol
  // A CSP host cannot be an IPv6 literal: the port alone has to do for http://[::1]:port.
  if (url.hostname.startsWith('['))
    return `${url.protocol}//*:${url.port || (url.protocol === 'https:' ? 443 : 80)}`
  return url.origin
}
