import type { HtmlEscapedString } from 'hono/utils/html'
import type { Inbound } from './inbound.ts'
import type { Reply } from './incoming.ts'
import { COMMON_HEADERS, contentSecurityPolicy, PAGE_HEADERS } from './security-headers.ts'

/** What `hono/html` makes of a template. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

type Headers = Reply['headers']

const NO_COOKIES: readonly string[] = []

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
export function privateJson(body: unknown, status = 200, extra?: Headers): Reply {
  const headers = extra === undefined ? PRIVATE_JSON : { ...PRIVATE_JSON, ...extra }
  return { status, headers, cookies: NO_COOKIES, body: JSON.stringify(body) }
}

/** 200 without a body, so without a Content-Type (RFC 7009 §2.2). */
export function done(): Reply {
  return { status: 200, headers: EMPTY, cookies: NO_COOKIES, body: null }
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
export function publicJson({ request }: Inbound, { body, etag, maxAge }: PublicJson): Reply {
  const headers = { ...COMMON_HEADERS, 'Cache-Control': `public, max-age=${maxAge}`, ETag: etag }
  if (knowsVersion(request, etag)) return { status: 304, headers, cookies: NO_COOKIES, body: null }
  const typed = { ...headers, 'Content-Type': 'application/json' }
  return { status: 200, headers: typed, cookies: NO_COOKIES, body }
}

/** True where `If-None-Match` names this version, or any (RFC 9110 §13.1.2). */
export function knowsVersion(request: Inbound['request'], etag: string): boolean {
  const known = request.header('if-none-match')
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
export async function page(body: Html, options: PageOptions = {}): Promise<Reply> {
  const { status = 200, formTargets, cookies = NO_COOKIES, retryAfter = null } = options
  const headers = {
    ...PAGE_HEADERS,
    'Content-Security-Policy': contentSecurityPolicy(formTargets),
    ...(retryAfter === null ? {} : { 'Retry-After': String(retryAfter) }),
  }
  return { status, headers, cookies, body: String(await body) }
}

/**
 * 303: the browser goes on with a GET, so that no password of a form reaches the next place (RFC 9700 §4.12).
 * `location` is absolute or a path of ours.
 */
export function seeOther(location: string, cookies: readonly string[] = NO_COOKIES): Reply {
  return redirect(303, location, cookies)
}

/** 307: the same request again at `location`. Only for our own issuer's host. */
export function temporaryRedirect(location: string): Reply {
  return redirect(307, location, NO_COOKIES)
}

function redirect(status: 303 | 307, location: string, cookies: readonly string[]): Reply {
  const headers = {
    Location: location,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': '0',
  }
  return { status, headers, cookies, body: null }
}
