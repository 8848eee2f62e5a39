/** A body that the surrounding app has read. 'parsed': what its parser made of it. 'unreadable': it is gone. */
export type ConsumedBody =
  | { readonly kind: 'parsed'; readonly value: unknown }
  | { readonly kind: 'unreadable' }

/** One request as an adapter hands it over: of no framework, and nothing in it is read before it is asked for. */
export type IncomingRequest = {
  readonly method: string
  /** Path and query as they were asked for: `/oauth/token?a=b`. */
  readonly target: string
  /** The remote address of the socket, '' where there is none. What a trusted proxy says is read in inbound.ts. */
  readonly peer: string
  /** A header by its lower-case name, or null; what comes more than once is joined (RFC 9110 §5.3). */
  header(name: string): string | null
  /** Absent where the body is unread. */
  readonly consumed: ConsumedBody | undefined
  /**
   * The unread body, of at most so many bytes. Throws OAuthError: body_too_large (413), body_incomplete,
   * body_unreadable.
   */
  text(maxBytes: number): Promise<string>
}

/** What an endpoint answers, as every adapter can write it. */
export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Set-Cookie values, from CookieJar.serialize. */
  readonly cookies: readonly string[]
  readonly body: string | null
}

/** The same answer with further headers, which win. */
export function withHeaders(reply: Reply, headers: Reply['headers']): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } }
}
