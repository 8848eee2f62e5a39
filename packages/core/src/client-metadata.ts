import { checkConsistency } from './client-metadata/consistency.ts'
import {
  DEFAULT_GRANT_TYPES,
  defaultApplicationType,
  defaultResponseTypes,
  defaultScopes,
} from './client-metadata/defaults.ts'
import { type ClientJwks, parseClientJwks } from './client-metadata/jwks.ts'
import {
  isMembers,
  type Members,
  malformedMetadata,
  readBoolean,
  readChoice,
  readChoices,
  readSeconds,
  readString,
  readStrings,
} from './client-metadata/members.ts'
import { refuseUnsupported } from './client-metadata/unsupported.ts'
import {
  checkRedirectUris,
  readEndpointUri,
  readOrigins,
  readPageUri,
  readRedirectUris,
  readResourceUri,
  readResourceUris,
} from './client-metadata/uris.ts'
import { isScopeToken, MAX_SCOPES } from './scope.ts'
import {
  APPLICATION_TYPES,
  type ApplicationType,
  ASSERTION_ALGS,
  type AssertionAlg,
  CLIENT_AUTH_METHODS,
  type ClientAuthMethod,
  GRANT_TYPES,
  type GrantType,
  ID_TOKEN_ALGS,
  type IdTokenAlg,
  RESPONSE_TYPES,
  type ResponseType,
} from './vocabulary.ts'

export { clientMetadataToWire, unknownClientMembers } from './client-metadata/wire.ts'

/** What a client registered (RFC 7591 §2, OpenID Connect Registration §2, and members of our own). */
export type ClientMetadata = {
  readonly clientName: string | null
  readonly grantTypes: readonly GrantType[]
  readonly responseTypes: readonly ResponseType[]
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
  /** Those it may ask for. */
  readonly scopes: readonly string[]
  readonly tokenEndpointAuthMethod: ClientAuthMethod
  /** The one algorithm of its assertions; null: any that its keys have. */
  readonly tokenEndpointAuthSigningAlg: AssertionAlg | null
  readonly jwks: ClientJwks | null
  readonly applicationType: ApplicationType
  readonly idTokenSignedResponseAlg: IdTokenAlg
  /** Seconds. */
  readonly defaultMaxAge: number | null
  readonly requireAuthTime: boolean
  readonly clientUri: string | null
  readonly logoUri: string | null
  readonly policyUri: string | null
  readonly tosUri: string | null
  readonly contacts: readonly string[]
  readonly softwareId: string | null
  readonly softwareVersion: string | null
  readonly initiateLoginUri: string | null
  readonly backchannelLogoutUri: string | null
  readonly backchannelLogoutSessionRequired: boolean
  /** Ours: consent is not asked for. */
  readonly trusted: boolean
  /** Ours: may collect passwords itself at the authorization challenge endpoint. */
  readonly firstParty: boolean
  /** Ours: `optional` lets a confidential client leave PKCE out. */
  readonly pkce: 'required' | 'optional'
  /** Ours: resources whose access tokens it may introspect. */
  readonly introspects: readonly string[]
  /** Ours: the audience where a request names none. */
  readonly defaultResource: string | null
  /** Ours: origins that may call token, userinfo and revocation from a browser. */
  readonly corsOrigins: readonly string[]
}

/**
 * Reads an operator's client metadata, with defaults (RFC 7591 §2). Members that nobody defined are ignored, as
 * RFC 7591 §2 wants; unknownClientMembers finds them. Our own members grant power: whoever lets strangers
 * register must take them out first. Throws invalid_client_metadata or invalid_redirect_uri.
 */
export function parseClientMetadata(wire: unknown): ClientMetadata {
  if (!isMembers(wire)) throw malformedMetadata('Client metadata must be a JSON object.')
  refuseUnsupported(wire)
  const metadata = { ...readProtocol(wire), ...readDescription(wire), ...readLogout(wire), ...readOurs(wire) }
  checkRedirectUris(metadata.redirectUris, metadata.applicationType)
  checkRedirectUris(metadata.postLogoutRedirectUris, metadata.applicationType)
  checkConsistency(metadata)
  return metadata
}

function readProtocol(wire: Members) {
  const redirectUris = readRedirectUris(wire, 'redirect_uris')
  const grantTypes = readChoices(wire, 'grant_types', GRANT_TYPES) ?? DEFAULT_GRANT_TYPES
  const method = readChoice(wire, 'token_endpoint_auth_method', CLIENT_AUTH_METHODS) ?? 'client_secret_basic'
  return {
    redirectUris,
    grantTypes,
    responseTypes:
      readChoices(wire, 'response_types', RESPONSE_TYPES) ?? defaultResponseTypes(grantTypes, redirectUris),
    scopes: readScopes(wire) ?? defaultScopes(grantTypes),
    tokenEndpointAuthMethod: method,
    tokenEndpointAuthSigningAlg: readChoice(wire, 'token_endpoint_auth_signing_alg', ASSERTION_ALGS),
    jwks: parseClientJwks(wire),
    applicationType:
      readChoice(wire, 'application_type', APPLICATION_TYPES) ?? defaultApplicationType(method, redirectUris),
    idTokenSignedResponseAlg: readChoice(wire, 'id_token_signed_response_alg', ID_TOKEN_ALGS) ?? 'RS256',
    defaultMaxAge: readSeconds(wire, 'default_max_age'),
    requireAuthTime: readBoolean(wire, 'require_auth_time', false),
  } as const
}

function readDescription(wire: Members) {
  return {
    clientName: readString(wire, 'client_name', 200),
    clientUri: readPageUri(wire, 'client_uri'),
    logoUri: readPageUri(wire, 'logo_uri'),
    policyUri: readPageUri(wire, 'policy_uri'),
    tosUri: readPageUri(wire, 'tos_uri'),
    contacts: readStrings(wire, 'contacts', { items: 10, length: 320 }) ?? [],
    softwareId: readString(wire, 'software_id', 200),
    softwareVersion: readString(wire, 'software_version', 200),
    initiateLoginUri: readEndpointUri(wire, 'initiate_login_uri'),
  }
}

function readLogout(wire: Members) {
  return {
    postLogoutRedirectUris: readRedirectUris(wire, 'post_logout_redirect_uris'),
    backchannelLogoutUri: readEndpointUri(wire, 'backchannel_logout_uri'),
    backchannelLogoutSessionRequired: readBoolean(wire, 'backchannel_logout_session_required', false),
  }
}

function readOurs(wire: Members) {
  return {
    trusted: readBoolean(wire, 'trusted', false),
    firstParty: readBoolean(wire, 'first_party', false),
    pkce: readChoice(wire, 'pkce', ['required', 'optional'] as const) ?? 'required',
    introspects: readResourceUris(wire, 'introspects'),
    defaultResource: readResourceUri(wire, 'default_resource'),
    corsOrigins: readOrigins(wire, 'cors_origins'),
  }
}

function readScopes(wire: Members): readonly string[] | null {
  // The empty text is a client that may ask for nothing by name; absent is the default.
  if (wire.scope === '') return []
  const text = readString(wire, 'scope', 8192)
  if (text === null) return null
  const words = text.split(' ').filter((word) => word !== '')
  if (words.length > MAX_SCOPES || !words.every(isScopeToken)) {
    throw malformedMetadata('scope must be at most 100 scope tokens, separated by spaces.')
  }
  return [...new Set(words)]
}
