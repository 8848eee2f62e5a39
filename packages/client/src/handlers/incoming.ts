/** One request as an adapter hands it over: of no framework. */
export type Incoming = {
  readonly method: string
  /** Path and query as they were asked for: `/login/google?return_to=/`. */
  readonly target: string
  /** True where the socket itself is encrypted, false where it is not, null where nobody knows. */
  readonly encrypted: boolean | null
  /** A header by its lower-case name, or null. */
  header(name: string): string | null
  /** The body as a form, read anew or as the app's own parser left it. Throws body_unreadable. */
  form(): Promise<URLSearchParams>
}

/** What a handler answers, as every adapter can write it. */
export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Set-Cookie values. */
  readonly cookies: readonly string[]
  readonly body: string | null
}

/** The path without the query. */
export function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '/'
}

/** The query, '' where there is none. */
export function queryOf(target: string): URLSearchParams {
  const at = target.indexOf('?')
  return new URLSearchParams(at === -1 ? '' : target.slice(at + 1))
}

/** Sends the browser on by GET; the address may hold secrets, so nobody keeps it. */
export function redirect(location: string, cookies: readonly string[]): Reply {
  const headers = { Location: asciiOf(location), 'Cache-Control': 'no-store' }
  return { status: 303, headers, cookies, body: null }
}

/** Headers are ASCII; what is ASCII stays as it is. */
function asciiOf(location: string): string {
  return location.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent)
}
