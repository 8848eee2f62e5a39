import { OAuthError } from './errors.ts'

const MAX_LENGTH = 2048
// RFC 3986 characters but '#': a fragment is forbidden, RFC 8707 §2.
const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/

/** True where `uri` may name an API: an absolute URI without fragment (RFC 8707 §2). */
export function isResourceUri(uri: string): boolean {
  if (uri.length > MAX_LENGTH || !ABSOLUTE_URI.test(uri)) return false
  if (!/^https?:/i.test(uri)) return true
  return /^https?:\/\/[^/?@]+(?:[/?]|$)/i.test(uri) && URL.canParse(uri)
}

/** Throws invalid_target unless `uri` is an absolute URI without fragment (RFC 8707 §2). */
export function checkResourceUri(uri: string): void {
  if (isResourceUri(uri)) return
  throw new OAuthError(
    'invalid_target',
    'resource must be an absolute URI without a fragment (RFC 8707 section 2).',
    {
      reason: 'resource_malformed',
    },
  )
}
