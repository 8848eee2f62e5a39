import { isLoopbackHost } from '@doorward/core'
import { IssuerError } from './refusal.ts'

const OPENID = '/.well-known/openid-configuration'
const OAUTH = '/.well-known/oauth-authorization-server'

/**
 * Where an issuer's metadata may be: after the path (OpenID Connect Discovery §4), or between host and path
 * (RFC 8414 §3.1).
 */
export function discoveryAddresses(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.endsWith('/') ? pathname.slice(0, -1) : pathname
  return [`${origin}${path}${OPENID}`, `${origin}${OAUTH}${path}`]
}

/**
 * The key set's address from a metadata document. Throws IssuerError where the document is another issuer's
 * (RFC 8414 §3.3) or names no safe address.
 */
export function parseDiscovery(document: unknown, issuer: string, address: string): string {
  if (typeof document !== 'object' || document === null) {
    throw new IssuerError('issuer_unreadable', `${address} is not a JSON object`)
  }
  const { issuer: named, jwks_uri: jwksUri }: { issuer?: unknown; jwks_uri?: unknown } = document
  if (named !== issuer) {
    throw new IssuerError(
      'issuer_mismatch',
      `${address} names the issuer ${JSON.stringify(named)}, the guard expects ${JSON.stringify(issuer)}`,
    )
  }
  if (typeof jwksUri !== 'string' || !isSafeAddress(jwksUri)) {
    throw new IssuerError('issuer_unreadable', `${address} has no jwks_uri with https`)
  }
  return jwksUri
}

/** RFC 8414 §2: https. Plain http only to this very machine, for development. */
export function isSafeAddress(address: string): boolean {
  const url = URL.parse(address)
  if (url === null) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
}

/** Seconds that an answer may be kept (RFC 9111 §5.2.2.1); 300 where it does not say. */
export function maxAgeOf(cacheControl: string | null): number {
  const directives = cacheControl ?? ''
  if (/\bno-(?:store|cache)\b/i.test(directives)) return 0
  const seconds = /\bmax-age="?(\d{1,9})/i.exec(directives)?.[1]
  return seconds === undefined ? 300 : Number(seconds)
}
