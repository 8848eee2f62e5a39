import { randomToken } from '@doorward/core/crypto'
import { readForm } from './body.ts'
import { parseCookies } from './cookies.ts'
import type { IncomingRequest, Reply } from './incoming.ts'
import { clientAddress, normalizeAddress, type TrustedProxies } from './proxy.ts'

/** One request as the endpoints see it. Parts that few endpoints read are made when first read. */
export type Inbound = {
  readonly request: IncomingRequest
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
export type Handler = (inbound: Inbound) => Promise<Reply>

type InboundSettings = { readonly proxies: TrustedProxies; readonly bodyBytes: number }

/** The parameter by which a page that was sent to the issuer's host knows that it was. Never reaches an endpoint. */
export const HOST_MARKER = 'dw_host'

/** Path and query of a request target. */
export function splitTarget(target: string): { readonly pathname: string; readonly search: string } {
  const mark = target.indexOf('?')
  if (mark === -1) return { pathname: target, search: '' }
  return { pathname: target.slice(0, mark), search: target.slice(mark + 1) }
}

/** Makes the view of a request that endpoints get. `path` is the one below the issuer's. */
export function createInbound(
  request: IncomingRequest,
  path: string,
  { proxies, bodyBytes }: InboundSettings,
): Inbound {
  const peer = normalizeAddress(request.peer)
  const forwarded = (name: string) => (proxies.trusts(peer) ? firstOf(request.header(name)) : null)
  let query: URLSearchParams | undefined
  let ip: string | undefined
  let reference: string | undefined
  let cookies: ReadonlyMap<string, string> | undefined
  let form: Promise<URLSearchParams> | undefined
  return {
    request,
    path,
    method: request.method === 'HEAD' ? 'GET' : request.method,
    form() {
      form ??= readForm(request, bodyBytes)
      return form
    },
    get query() {
      query ??= pageQuery(splitTarget(request.target).search)
      return query
    },
    get ip() {
      ip ??= clientAddress(peer, request.header('x-forwarded-for'), proxies)
      return ip
    },
    get userAgent() {
      return request.header('user-agent')
    },
    get reference() {
      reference ??= randomToken(6)
      return reference
    },
    get host() {
      return forwarded('x-forwarded-host') ?? plain(request.header('host') ?? '')
    },
    get forwardedProto() {
      return forwarded('x-forwarded-proto')
    },
    get cookies() {
      cookies ??= parseCookies(request.header('cookie'))
      return cookies
    },
  }
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
