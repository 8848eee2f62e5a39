import { OAuthError } from './errors.ts'
import { isLoopbackHost } from './loopback.ts'
import type { Reason } from './reasons.ts'
import type { ApplicationType } from './vocabulary.ts'

const MAX_LENGTH = 2048
// RFC 3986 characters but '#' and '*', which get words of their own. No space, control, backslash or non-ASCII.
const URI_CHARACTERS = /^(?:[A-Za-z0-9\-._~:/?[\]@!$&'()+,;=]|%[0-9A-Fa-f]{2})+$/
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/
// The lookahead keeps `http://127.0.0.1:80@evil.example` out.
const LOOPBACK_IP = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::([1-9][0-9]{0,4}))?(?=[/?]|$)/

type Refusal = { readonly reason: Reason; readonly description: string }

/** True where `uri` is http on this machine: `localhost`, 127.0.0.1 or [::1] (RFC 8252 §7.3, §8.3). */
export function isLoopbackUri(uri: string): boolean {
  return /^http:\/\//i.test(uri) && URL.canParse(uri) && isLoopbackHost(new URL(uri).hostname)
}

/** True where `uri` has a private-use scheme, one of an app (RFC 8252 §7.1). */
export function isCustomSchemeUri(uri: string): boolean {
  return SCHEME.test(uri) && !/^https?:/i.test(uri)
}

/** Throws invalid_redirect_uri, with the cause, unless `uri` may be registered (RFC 8252 §7, RFC 9700 §2.1). */
export function checkRedirectUriRegistration(uri: string, applicationType: ApplicationType): void {
  const refusal = refuseCharacters(uri) ?? refuseLocation(uri, applicationType)
  if (refusal !== null) {
    throw new OAuthError('invalid_redirect_uri', refusal.description, { reason: refusal.reason })
  }
}

/**
 * True where `requested` is one of the registered URIs, character for character (RFC 9700 §2.1). The port of
 * 127.0.0.1 and [::1] alone is free, and for native applications alone (RFC 8252 §7.3).
 */
export function matchRedirectUri(
  registered: readonly string[],
  requested: string,
  applicationType: ApplicationType,
): boolean {
  if (registered.includes(requested)) return true
  if (applicationType !== 'native') return false
  const portless = withoutLoopbackPort(requested)
  return portless !== null && registered.some((uri) => withoutLoopbackPort(uri) === portless)
}

type RedirectTargets = { readonly redirectUris: readonly string[]; readonly applicationType: ApplicationType }

/**
 * The URI that this request's answer goes to: the requested one where it is registered, or the only registered
 * one where none was requested (RFC 6749 §3.1.2.3). Throws invalid_request, which is for a page, never a redirect.
 */
export function resolveRedirectUri(client: RedirectTargets, requested: string | null): string {
  const [only, ...others] = client.redirectUris
  if (only === undefined) {
    throw new OAuthError(
      'invalid_request',
      'This app has no redirect URI, so nobody can sign in for it here.',
      {
        reason: 'redirect_uri_none_registered',
      },
    )
  }
  if (requested === null) {
    if (others.length === 0) return only
    throw new OAuthError('invalid_request', 'redirect_uri is missing, and this app has more than one.', {
      reason: 'redirect_uri_missing',
    })
  }
  if (!matchRedirectUri(client.redirectUris, requested, client.applicationType)) {
    throw new OAuthError('invalid_request', 'redirect_uri is not registered for this app.', {
      reason: 'redirect_uri_mismatch',
    })
  }
  return requested
}

function withoutLoopbackPort(uri: string): string | null {
  const found = LOOPBACK_IP.exec(uri)
  if (found === null || Number(found[2] ?? 80) > 65535) return null
  return `${found[1]}${uri.slice(found[0].length)}`
}

function refuseCharacters(uri: string): Refusal | null {
  if (uri.length > MAX_LENGTH) {
    return { reason: 'redirect_uri_malformed', description: 'A redirect URI is longer than 2048 characters.' }
  }
  if (uri.includes('#')) {
    return { reason: 'redirect_uri_fragment', description: 'A redirect URI must not have a fragment.' }
  }
  if (uri.includes('*')) {
    return {
      reason: 'redirect_uri_wildcard',
      description: 'A redirect URI must not have a wildcard: URIs are compared exactly. Register each one.',
    }
  }
  if (!URI_CHARACTERS.test(uri)) {
    return {
      reason: 'redirect_uri_malformed',
      description: 'A redirect URI is empty or holds a character that RFC 3986 does not allow.',
    }
  }
  return null
}

function refuseLocation(uri: string, applicationType: ApplicationType): Refusal | null {
  const [, scheme, rest] = SCHEME.exec(uri) ?? []
  if (scheme === undefined || rest === undefined || rest === '') {
    return {
      reason: 'redirect_uri_malformed',
      description: 'A redirect URI must be absolute, with a scheme.',
    }
  }
  const authority = /^\/\/([^/?]*)/.exec(rest)?.[1] ?? ''
  if (authority.includes('@')) {
    return { reason: 'redirect_uri_userinfo', description: 'A redirect URI must not have a user name in it.' }
  }
  const isHttp = scheme.toLowerCase() === 'http'
  if (!isHttp && scheme.toLowerCase() !== 'https') return refuseCustomScheme(scheme, applicationType)
  // Other spellings of one host (127.1, %6c, ...) would pass one reader's check and mean something else to another.
  if (!URL.canParse(uri) || new URL(uri).hostname !== authority.replace(/:[0-9]+$/, '').toLowerCase()) {
    return {
      reason: 'redirect_uri_malformed',
      description: 'A redirect URI must have a host in its plain form.',
    }
  }
  if (isHttp && !isLoopbackUri(uri)) {
    return {
      reason: 'redirect_uri_http',
      description: 'A redirect URI may be http on localhost, 127.0.0.1 and [::1] only. Use https.',
    }
  }
  return null
}

function refuseCustomScheme(scheme: string, applicationType: ApplicationType): Refusal | null {
  // SHOULD reject schemes without a dot, RFC 8252 §8.4: among them javascript, data, file, blob, about.
  if (!scheme.includes('.')) {
    return {
      reason: 'redirect_uri_scheme',
      description:
        'A redirect URI must be https, http on loopback, or an app scheme with a dot, such as com.example.app.',
    }
  }
  if (applicationType !== 'native') {
    return {
      reason: 'redirect_uri_scheme_web',
      description: 'App schemes are for native applications. Set application_type to native.',
    }
  }
  return null
}
