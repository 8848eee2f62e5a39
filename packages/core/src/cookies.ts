import { decodeBase64url, sha256 } from './crypto/index.ts'

/** The cookies of one issuer, or of one app: their names and whether they are for https only. */
export type CookieJar = {
  /** The full name of `base`, as in `cookieJar(issuer).name('dw-session')`. */
  name(base: string): string
  /**
   * A Set-Cookie value. Without `maxAge` (seconds) it lives as long as the browser; 0 removes it. `None` is for what
   * a form of another site must bring along; browsers take it with Secure alone.
   */
  serialize(base: string, value: string, maxAge?: number, sameSite?: SameSite): string
}

/** With which requests of other sites a cookie goes along: links (Lax), or all (None). */
export type SameSite = 'Lax' | 'None'

/**
 * Names and attributes by the issuer (of a client: its base URL). On https the `__Host-` prefix and Secure, which no
 * sibling host and no plain-http answer can set; on a loopback http issuer neither. Browsers share cookies between
 * the ports of a host, so each name ends in a short hash of the issuer.
 * @see RFC 6265bis §4.1.3
 */
export function cookieJar(issuer: string): CookieJar {
  const secure = issuer.startsWith('https:')
  const suffix = Buffer.from(decodeBase64url(sha256(issuer)) ?? []).toString('hex', 0, 2)
  const name = (base: string): string => `${secure ? '__Host-' : ''}${base}-${suffix}`
  return {
    name,
    serialize: (base, value, maxAge, sameSite = 'Lax') =>
      [
        `${name(base)}=${value}; Path=/; HttpOnly; SameSite=${sameSite}`,
        ...(secure ? ['Secure'] : []),
        ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
      ].join('; '),
  }
}

const NO_COOKIES: ReadonlyMap<string, string> = new Map()

/**
 * Reads a Cookie header. Our values are base64url and dots, so nothing is unescaped; of a repeated name the
 * first counts, and what has no name is passed over.
 * @see RFC 6265 §5.4
 */
export function parseCookies(header: string | null): ReadonlyMap<string, string> {
  if (header === null || header === '') return NO_COOKIES
  const cookies = new Map<string, string>()
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals < 1) continue
    const name = trimmed(pair.slice(0, equals))
    if (name !== '' && !cookies.has(name)) cookies.set(name, trimmed(pair.slice(equals + 1)))
  }
  return cookies
}

/**
 * Without blanks and tabs at its ends. Not `trim`, which takes off what browsers leave on: to them a no-break space before
 * `__Host-` is another name, which a sibling host may set.
 */
const trimmed = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '')
