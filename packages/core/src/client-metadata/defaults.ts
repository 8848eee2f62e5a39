import { isCustomSchemeUri, isLoopbackUri } from '../redirect-uri.ts'
import {
  type ApplicationType,
  type ClientAuthMethod,
  DEFAULT_CLIENT_SCOPES,
  type GrantType,
  type ResponseType,
} from '../vocabulary.ts'

/** What a client gets that names no grant type. */
export const DEFAULT_GRANT_TYPES: readonly GrantType[] = ['authorization_code', 'refresh_token']

/** `native` for public clients whose every URI is on this machine or an app's scheme (RFC 8252 §7), else `web`. */
export function defaultApplicationType(
  method: ClientAuthMethod,
  redirectUris: readonly string[],
): ApplicationType {
  const onDevice = (uri: string): boolean => isLoopbackUri(uri) || isCustomSchemeUri(uri)
  return method === 'none' && redirectUris.length > 0 && redirectUris.every(onDevice) ? 'native' : 'web'
}

/** `code` where the authorization endpoint can answer the client: it has the grant and a redirect URI. */
export function defaultResponseTypes(
  grantTypes: readonly GrantType[],
  redirectUris: readonly string[],
): readonly ResponseType[] {
  return grantTypes.includes('authorization_code') && redirectUris.length > 0 ? ['code'] : []
}

/** The OpenID scopes, or none for a client that acts for itself alone: no person stands behind its tokens. */
export function defaultScopes(grantTypes: readonly GrantType[]): readonly string[] {
  return grantTypes.every((grant) => grant === 'client_credentials') ? [] : DEFAULT_CLIENT_SCOPES
}
