import { parseCookies } from '@doorward/core'
import { randomToken } from '@doorward/core/crypto'
import { readForm } from './body.ts'
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
export function createInbound(request: IncomingRequest, path: string, settings: InboundSettings): Inbound {
  return new LazyInbound(request, path, settings)
}

/** Getters of a class: made anew for each request, as closures, they cost more than all that they read. */
class LazyInbound implements Inbound {
  readonly request: IncomingRequest
  readonly method: string
  readonly path: string
  readonly #settings: InboundSettings
  readonly #peer: string
  #query: URLSearchParams | undefined
  #ip: string | undefined
  #reference: string | undefined
  #cookies: ReadonlyMap<string, string> | undefined
  #form: Promise<URLSearchParams> | undefined

  constructor(request: IncomingRequest, path: string, settings: InboundSettings) {
    this.request = request
    this.method = request.method === 'HEAD' ? 'GET' : request.method
    this.path = path
    this.#settings = settings
    this.#peer = normalizeAddress(request.peer)
  }

  form(): Promise<URLSearchParams> {
    this.#form ??= readForm(this.request, this.#settings.bodyBytes)
    return this.#form
  }

  get query(): URLSearchParams {
    this.#query ??= pageQuery(splitTarget(this.request.target).search)
    return this.#query
  }

  get ip(): string {
    const { request } = this
    this.#ip ??= clientAddress(this.#peer, request.header('x-forwarded-for'), this.#settings.proxies)
    return this.#ip
  }

  get userAgent(): string | null {
    return this.request.header('user-agent')
  }

  get reference(): string {
    this.#reference ??= randomToken(6)
    return this.#reference
  }

  get host(): string {
    return this.#forwarded('x-forwarded-host') ?? plain(this.request.header('host') ?? '')
  }

  get forwardedProto(): string | null {
    return this.#forwarded('x-forwarded-proto')
  }

  get cookies(): ReadonlyMap<string, string> {
    this.#cookies ??= parseCookies(this.request.header('cookie'))
    return this.#cookies
  }

  #forwarded(name: string): string | null {
    return this.#settings.proxies.trusts(this.#peer) ? firstOf(this.request.header(name)) : null
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
