import { PROMPTS } from '../prompt.ts'
import {
  ASSERTION_ALGS,
  CLIENT_AUTH_METHODS,
  DISPLAYS,
  GRANT_TYPES,
  ID_TOKEN_ALGS,
  RESPONSE_MODES,
  RESPONSE_TYPES,
} from '../vocabulary.ts'

/** Paths below the issuer. */
export const ENDPOINT_PATHS = {
  openidConfiguration: '/.well-known/openid-configuration',
  authorizationServerMetadata: '/.well-known/oauth-authorization-server',
  jwks: '/oauth/jwks',
  authorize: '/oauth/authorize',
  authorizationChallenge: '/oauth/authorize-challenge',
  token: '/oauth/token',
  introspection: '/oauth/introspect',
  revocation: '/oauth/revoke',
  userinfo: '/oauth/userinfo',
  endSession: '/oauth/logout',
} as const

/** What only the running server knows. */
export type DiscoveryFacts = {
  readonly issuer: string
  /** OpenID scopes and those of all resources; duplicates are dropped. */
  readonly scopes: readonly string[]
  /** User claims that userinfo and ID tokens may hold. */
  readonly claims: readonly string[]
  readonly acrValues: readonly string[]
  readonly uiLocales: readonly string[]
  /** True once logout tokens are delivered (Back-Channel Logout §2.1). */
  readonly backchannelLogout: boolean
  readonly policyUri?: string | null
}

/**
 * The metadata document, the same for both addresses (OpenID Connect Discovery §3, RFC 8414 §2). It says what is
 * true and nothing that is only planned.
 */
export function discoveryDocument(facts: DiscoveryFacts): Record<string, unknown> {
  return {
    issuer: facts.issuer,
    ...endpoints(facts.issuer),
    ...protocol(),
    ...clientAuthentication(),
    ...people(facts),
  }
}

/** The URL of an endpoint. An issuer may have a path, which stays in front. */
export function endpointUrl(issuer: string, path: string): string {
  return `${issuer.replace(/\/$/, '')}${path}`
}

function endpoints(issuer: string) {
  const url = (path: string): string => endpointUrl(issuer, path)
  return {
    authorization_endpoint: url(ENDPOINT_PATHS.authorize),
    token_endpoint: url(ENDPOINT_PATHS.token),
    jwks_uri: url(ENDPOINT_PATHS.jwks),
    userinfo_endpoint: url(ENDPOINT_PATHS.userinfo),
    introspection_endpoint: url(ENDPOINT_PATHS.introspection),
    revocation_endpoint: url(ENDPOINT_PATHS.revocation),
    end_session_endpoint: url(ENDPOINT_PATHS.endSession),
    authorization_challenge_endpoint: url(ENDPOINT_PATHS.authorizationChallenge),
  }
}

function protocol() {
  return {
    response_types_supported: RESPONSE_TYPES,
    response_modes_supported: RESPONSE_MODES,
    grant_types_supported: GRANT_TYPES,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ID_TOKEN_ALGS,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: true,
    request_parameter_supported: false,
    // Its default is true (OpenID Connect Discovery §3), so it has to be said.
    request_uri_parameter_supported: false,
  }
}

function clientAuthentication() {
  // A public client can revoke its own tokens (RFC 7009 §5), but not introspect (RFC 7662 §2.1).
  const confidential = CLIENT_AUTH_METHODS.filter((method) => method !== 'none')
  return {
    token_endpoint_auth_methods_supported: CLIENT_AUTH_METHODS,
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGS,
    introspection_endpoint_auth_methods_supported: confidential,
    introspection_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGS,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTH_METHODS,
    revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGS,
  }
}

function people(facts: DiscoveryFacts) {
  return {
    scopes_supported: [...new Set(facts.scopes)],
    claim_types_supported: ['normal'],
    claims_supported: [...new Set(facts.claims)],
    acr_values_supported: facts.acrValues,
    prompt_values_supported: PROMPTS,
    display_values_supported: DISPLAYS,
    ui_locales_supported: facts.uiLocales,
    ...(facts.backchannelLogout
      ? { backchannel_logout_supported: true, backchannel_logout_session_supported: true }
      : {}),
    ...(facts.policyUri ? { op_policy_uri: facts.policyUri } : {}),
  }
}
