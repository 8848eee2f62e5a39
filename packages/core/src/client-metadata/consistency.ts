import type { ClientMetadata } from '../client-metadata.ts'
import { OAuthError } from '../errors.ts'
import { hasKeyFor } from './jwks.ts'

type Rule = { readonly broken: (metadata: ClientMetadata) => boolean; readonly description: string }

/** What two members may not say together, in the order in which it is told. */
const RULES: readonly Rule[] = [
  {
    broken: (m) => m.grantTypes.length === 0,
    description: 'grant_types is empty: the client could get no token.',
  },
  {
    broken: (m) => hasCode(m) && m.redirectUris.length === 0 && !m.firstParty,
    description: 'The authorization_code grant needs a redirect URI. Add one to redirect_uris.',
  },
  {
    // RFC 7591 §2.1: response type code goes with grant type authorization_code.
    broken: (m) => m.responseTypes.includes('code') && !(hasCode(m) && m.redirectUris.length > 0),
    description: 'response_types holds code, which needs the authorization_code grant and a redirect URI.',
  },
  {
    broken: (m) => m.grantTypes.includes('refresh_token') && !hasCode(m) && !m.firstParty,
    description:
      'The refresh_token grant needs the authorization_code grant: nothing else issues refresh tokens.',
  },
  {
    // MUST, RFC 6749 §4.4: client_credentials is for confidential clients only.
    broken: (m) => m.grantTypes.includes('client_credentials') && isPublic(m),
    description:
      'A public client (token_endpoint_auth_method none) cannot have the client_credentials grant.',
  },
  {
    // MUST, OAuth 2.1 §7.5.1.
    broken: (m) => m.pkce === 'optional' && isPublic(m),
    description: 'pkce can be optional for confidential clients only: a public client always needs PKCE.',
  },
  {
    broken: (m) => m.tokenEndpointAuthMethod === 'private_key_jwt' && m.jwks === null,
    description: 'private_key_jwt needs the public keys of the client in jwks.',
  },
  {
    broken: (m) => m.jwks !== null && !hasKeyFor(m.jwks, m.tokenEndpointAuthSigningAlg),
    description: 'jwks holds no key for token_endpoint_auth_signing_alg.',
  },
  {
    broken: (m) => m.tokenEndpointAuthMethod !== 'private_key_jwt' && m.tokenEndpointAuthSigningAlg !== null,
    description: 'token_endpoint_auth_signing_alg is for private_key_jwt only.',
  },
  {
    // A public client cannot prove that it is the one that may look.
    broken: (m) => m.introspects.length > 0 && isPublic(m),
    description: 'A public client cannot introspect the tokens of a resource.',
  },
]

/** Throws invalid_client_metadata where two members contradict each other (RFC 7591 §2.1). */
export function checkConsistency(metadata: ClientMetadata): void {
  const rule = RULES.find(({ broken }) => broken(metadata))
  if (rule === undefined) return
  throw new OAuthError('invalid_client_metadata', rule.description, { reason: 'metadata_inconsistent' })
}

function hasCode(metadata: ClientMetadata): boolean {
  return metadata.grantTypes.includes('authorization_code')
}

function isPublic(metadata: ClientMetadata): boolean {
  return metadata.tokenEndpointAuthMethod === 'none'
}
