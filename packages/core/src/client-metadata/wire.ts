import type { ClientMetadata } from '../client-metadata.ts'
import { formatScope } from '../scope.ts'
import type { Members } from './members.ts'
import { UNSUPPORTED_MEMBERS } from './unsupported.ts'

/** Our names and those of RFC 7591 §2, OpenID Connect Registration §2 and Back-Channel Logout §2.2; ours come last. */
const WIRE_NAMES = [
  ['clientName', 'client_name'],
  ['grantTypes', 'grant_types'],
  ['responseTypes', 'response_types'],
  ['redirectUris', 'redirect_uris'],
  ['postLogoutRedirectUris', 'post_logout_redirect_uris'],
  ['scopes', 'scope'],
  ['tokenEndpointAuthMethod', 'token_endpoint_auth_method'],
  ['tokenEndpointAuthSigningAlg', 'token_endpoint_auth_signing_alg'],
  ['jwks', 'jwks'],
  ['applicationType', 'application_type'],
  ['idTokenSignedResponseAlg', 'id_token_signed_response_alg'],
  ['defaultMaxAge', 'default_max_age'],
  ['requireAuthTime', 'require_auth_time'],
  ['clientUri', 'client_uri'],
  ['logoUri', 'logo_uri'],
  ['policyUri', 'policy_uri'],
  ['tosUri', 'tos_uri'],
  ['contacts', 'contacts'],
  ['softwareId', 'software_id'],
  ['softwareVersion', 'software_version'],
  ['initiateLoginUri', 'initiate_login_uri'],
  ['backchannelLogoutUri', 'backchannel_logout_uri'],
  ['backchannelLogoutSessionRequired', 'backchannel_logout_session_required'],
  ['trusted', 'trusted'],
  ['firstParty', 'first_party'],
  ['pkce', 'pkce'],
  ['introspects', 'introspects'],
  ['defaultResource', 'default_resource'],
  ['corsOrigins', 'cors_origins'],
] as const satisfies readonly (readonly [keyof ClientMetadata, string])[]

/** Members that are defined elsewhere, accepted, and mean nothing here. */
const IGNORED_MEMBERS = [
  'default_acr_values',
  'software_statement',
  'frontchannel_logout_session_required',
] as const

const KNOWN_MEMBERS: ReadonlySet<string> = new Set([
  ...WIRE_NAMES.map(([, name]) => name),
  ...IGNORED_MEMBERS,
  ...UNSUPPORTED_MEMBERS,
])

/** Client metadata in wire names (RFC 7591 §2); what is not set is left out. parseClientMetadata reads it back. */
export function clientMetadataToWire(metadata: ClientMetadata): Record<string, unknown> {
  const wire: Record<string, unknown> = {}
  for (const [ours, name] of WIRE_NAMES) {
    const value = ours === 'scopes' ? formatScope(metadata.scopes) : metadata[ours]
    if (value !== null) wire[name] = value
  }
  return wire
}

/** Names in `wire` that nobody defined: misspelt ones, most likely. For an operator's own tools to refuse. */
export function unknownClientMembers(wire: Members): readonly string[] {
  // A name may carry a language tag, RFC 7591 §2.2.
  return Object.keys(wire).filter((name) => !KNOWN_MEMBERS.has(name.replace(/#.*$/, '')))
}
