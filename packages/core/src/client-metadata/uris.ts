import { checkRedirectUriRegistration, isLoopbackUri } from '../redirect-uri.ts'
import { isResourceUri } from '../resource.ts'
import type { ApplicationType } from '../vocabulary.ts'
import { type Members, malformedMetadata, readString, readStrings } from './members.ts'

const MAX_LENGTH = 2048
const MAX_URIS = 50

/** A list of redirect URIs, not yet checked: what they may be depends on the application type. */
export function readRedirectUris(members: Members, name: string): readonly string[] {
  return readStrings(members, name, { items: MAX_URIS, length: MAX_LENGTH }) ?? []
}

/** Throws invalid_redirect_uri, with the cause, where one of them may not be registered. */
export function checkRedirectUris(uris: readonly string[], applicationType: ApplicationType): void {
  for (const uri of uris) checkRedirectUriRegistration(uri, applicationType)
}

/** A page to link to: http(s), so that a link never runs `javascript:`. Throws invalid_client_metadata. */
export function readPageUri(members: Members, name: string): string | null {
  const uri = readString(members, name, MAX_LENGTH)
  if (uri === null || isWebUri(uri)) return uri
  throw malformedMetadata(`${name} must be an absolute https or http URL.`)
}

/** An address that is called or redirected to: https, or http on loopback, no fragment. Throws invalid_client_metadata. */
export function readEndpointUri(members: Members, name: string): string | null {
  const uri = readString(members, name, MAX_LENGTH)
  if (uri === null) return null
  if (isWebUri(uri) && !uri.includes('#') && (uri.startsWith('https:') || isLoopbackUri(uri))) return uri
  throw malformedMetadata(`${name} must be an https URL without fragment; http is for loopback only.`)
}

/** Resource URIs (RFC 8707 §2). Throws invalid_client_metadata. */
export function readResourceUris(members: Members, name: string): readonly string[] {
  const uris = readStrings(members, name, { items: MAX_URIS, length: MAX_LENGTH }) ?? []
  if (uris.every(isResourceUri)) return uris
  throw malformedMetadata(`${name} must hold absolute URIs without fragment.`)
}

/** One resource URI (RFC 8707 §2), or null. Throws invalid_client_metadata. */
export function readResourceUri(members: Members, name: string): string | null {
  const uri = readString(members, name, MAX_LENGTH)
  if (uri === null || isResourceUri(uri)) return uri
  throw malformedMetadata(`${name} must be an absolute URI without fragment.`)
}

/** Origins as browsers write them in `Origin` (RFC 6454 §6.2). Throws invalid_client_metadata. */
export function readOrigins(members: Members, name: string): readonly string[] {
  const origins = readStrings(members, name, { items: MAX_URIS, length: 300 }) ?? []
  if (origins.every(isOrigin)) return origins
  throw malformedMetadata(
    `${name} must hold origins, such as https://app.example without path or slash; http is for loopback only.`,
  )
}

function isOrigin(origin: string): boolean {
  return (
    isWebUri(origin) &&
    new URL(origin).origin === origin &&
    (origin.startsWith('https:') || isLoopbackUri(origin))
  )
}

function isWebUri(uri: string): boolean {
  // Printable ASCII without what a browser would repair: spaces, backslashes, quotes, angle brackets; no user name.
  return (
    /^https?:\/\/[^\s/?#@\\]+(?:[/?#][\x21\x23-\x3b\x3d\x3f-\x5b\x5d-\x7e]*)?$/.test(uri) && URL.canParse(uri)
  )
}
