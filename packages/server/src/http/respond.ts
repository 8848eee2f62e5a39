import type { HtmlEscapedString } from 'hono/utils/html'
import type { Inbound } from './inbound.ts'
import { COMMON_HEADERS, contentSecurityPolicy, PAGE_HEADERS } from './security-headers.ts'

/** What `hono/html` makes of a template. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

type Headers = Readonly<Record<string, string>>

/**
 * Headers of an answer with tokens or about people, which no cache may keep.
 * @see RFC 6749 §5.1
 */
const PRIVATE_JSON: Headers = {
  ...COMMON_HEADERS,
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
}

/** A JSON answer that no cache keeps. `extra` are headers of this one answer. */
export function privateJson(body: unknown, status = 200, extra?: Headers): Response {
  const headers = extra === undefined ? PRIVATE_JSON : { ...PRIVATE_JSON, ...extra }
  return new Response(JSON.stringify(body), { status, headers })
}

/** 200 without a body, so without a Content-Type (RFC 7009 §2.2). */
export function done(): Response {
  return new Response(null, { headers: EMPTY })
}

const EMPTY: Headers = { ...COMMON_HEADERS, 'Cache-Control': 'no-store', 'Content-Length': '0' }

type PublicJson = {
  readonly body: string
  /** Strong, quotes included (RFC 9110 §8.8.3). */
  readonly etag: string
  /** Seconds that anybody may keep it. */
  readonly maxAge: number
}

/** A JSON answer for everybody, or 304 where the caller holds this very version (RFC 9110 §13.1.2). */
export function publicJson({ request }: Inbound, { body, etag, maxAge }: PublicJson): Response {
  const headers = { ...COMMON_HEADERS, 'Cache-Control': `public, max-age=${maxAge}`, ETag: etag }
  if (matches(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers })
  return new Response(body, { headers: { ...headers, 'Content-Type': 'application/json' } })
}

function matches(known: string | null, etag: string): boolean {
  if (known === null) return false
  return known.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}

type PageOptions = {
  readonly status?: number
  /** Where the page's forms may lead beside ourselves: see contentSecurityPolicy. */
  readonly formTargets?: readonly string[]
  /** Set-Cookie values, from CookieJar.serialize. */
  readonly cookies?: readonly string[]
  /** Seconds, for Retry-After. */
  readonly retryAfter?: number | null
}

/** A page with its security headers. */
export async function page(body: Html, options: PageOptions = {}): Promise<Response> {
  const headers: [string, string][] = [
    ...Object.entries(PAGE_HEADERS),
    ['Content-Security-Policy', contentSecurityPolicy(options.formTargets)],
    ...setCookies(options.cookies),
  ]
  if (options.retryAfter !== undefined && options.retryAfter !== null) {
    headers.push(['Retry-After', String(options.retryAfter)])
  }
  return new Response(String(await body), { status: options.status ?? 200, headers })
}

/**
 * 303: the browser goes on with a GET, so that no password of a form reaches the next place (RFC 9700 §4.12).
 * `location` is absolute or a path of ours.
 */
export function seeOther(location: string, cookies: readonly string[] = []): Response {
  return redirect(303, location, cookies)
}

/** 307: the same request again at `location`. Only for our own issuer's host. */
export function temporaryRedirect(location: string): Response {
  return redirect(307, location, [])
}

function redirect(status: 303 | 307, location: string, cookies: readonly string[]): Response {
  const headers: [string, string][] = [
    ['Location', location],
    ['Cache-Control', 'no-store'],
    ['Referrer-Policy', 'same-origin'],
    ['X-Content-Type-Options', 'nosniff'],
    ['Content-Length', '0'],
    ...setCookies(cookies),
  ]
  return new Response(null, { status, headers })
}

function setCookies(cookies: readonly string[] = []): [string, string][] {
  return cookies.map((cookie) => ['Set-Cookie', cookie])
}
