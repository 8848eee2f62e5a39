import { randomToken } from '@doorward/core/crypto'
import type { ConnectionInfo } from '../deps.ts'
import { readForm } from './body.ts'
import { parseCookies } from './cookies.ts'
import { clientAddress, normalizeAddress, type TrustedProxies } from './proxy.ts'

/** One request as the endpoints see it. Parts that few endpoints read are made when first read. */
export type Inbound = {
  readonly request: Request
  /** GET for a HEAD request too: the body of the answer is dropped outside. */
  readonly method: string
  /** Below the issuer's path: `/oauth/token`. */
  readonly path: string
  readonly query: URLSearchParams
  /** The caller's address: the socket's, or what a trusted proxy says. */
  readonly ip: string
  readonly userAgent: string | null
  /** A short id of the request, shown on error pages and written in the log. */
  readonly reference: string
  /** Host and port that were asked for, lower-cased. */
  readonly host: string
  /** The scheme the person's browser used, as a trusted proxy says it; null where nobody does. */
  readonly forwardedProto: string | null
  readonly cookies: ReadonlyMap<string, string>
  /** The urlencoded body. Throws OAuthError: content_type, body_too_large, body_unreadable. */
  form(): Promise<URLSearchParams>
}

/** An endpoint: it answers, or throws OAuthError. */
export type Handler = (inbound: Inbound) => Promise<Response>

type InboundSettings = { readonly proxies: TrustedProxies; readonly bodyBytes: number }

/** The parameter by which a page that was sent to the issuer's host knows that it was. Never reaches an endpoint. */
export const HOST_MARKER = 'dw_host'

/** Path and query of an absolute URL, without the cost of parsing all of it. */
export function splitUrl(url: string): { readonly pathname: string; readonly search: string } {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start === -1) return { pathname: '/', search: '' }
  const hash = url.indexOf('#', start)
  const end = hash === -1 ? url.length : hash
  const mark = url.indexOf('?', start)
  if (mark === -1 || mark > end) return { pathname: url.slice(start, end), search: '' }
  return { pathname: url.slice(start, mark), search: url.slice(mark + 1, end) }
}

/** Makes the view of a request that endpoints get. `path` is the one below the issuer's. */
export function createInbound(
  request: Request,
  info: ConnectionInfo,
  path: string,
  { proxies, bodyBytes }: InboundSettings,
): Inbound {
  const { headers } = request
  const peer = normalizeAddress(info.peer)
  const forwarded = (name: string) => (proxies.trusts(peer) ? firstOf(headers.get(name)) : null)
  const query = once(() => pageQuery(splitUrl(request.url).search))
  const reference = once(() => randomToken(6))
  const cookies = once(() => parseCookies(headers.get('cookie')))
  return {
    request,
    path,
    method: request.method === 'HEAD' ? 'GET' : request.method,
    form: once(() => readForm(request, bodyBytes, info.body)),
    get query() {
      return query()
    },
    get ip() {
      return clientAddress(peer, headers.get('x-forwarded-for'), proxies)
    },
    get userAgent() {
      return headers.get('user-agent')
    },
    get reference() {
      return reference()
    },
    get host() {
      return forwarded('x-forwarded-host') ?? plain(headers.get('host') ?? new URL(request.url).host)
    },
    get forwardedProto() {
      return forwarded('x-forwarded-proto')
    },
    get cookies() {
      return cookies()
    },
  }
}

/** Made when it is first asked for, and kept. */
function once<T extends object | string>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

/** What the proxy nearest to the browser said, of a list. */
function firstOf(list: string | null): string | null {
  return list === null ? null : plain(list.split(',', 1)[0] ?? '')
}

const plain = (text: string): string => text.trim().toLowerCase()

function pageQuery(search: string): URLSearchParams {
  const query = new URLSearchParams(search)
  query.delete(HOST_MARKER)
  return query
}
