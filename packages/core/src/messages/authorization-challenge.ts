import type { ClientMetadata } from '../client-metadata.ts'
import { OAuthError } from '../errors.ts'
import { parseCodeChallenge, parseResources, parseScopeParameter } from './grant-parameters.ts'
import { boundedText, type Params } from './params.ts'

const MAX_EMAIL_LENGTH = 320
const MAX_NONCE_LENGTH = 512

/** A client's own sign-in form (OAuth 2.0 for First-Party Applications §5.1). */
export type AuthorizationChallenge = {
  readonly scopes: readonly string[]
  readonly resources: readonly string[]
  /** S256. null only for confidential clients with `pkce` optional. */
  readonly codeChallenge: string | null
  readonly nonce: string | null
  readonly email: string
  /** As it was typed. Never logged, never part of an error. */
  readonly password: string
}

/**
 * Reads an authorization challenge of a known client (OAuth 2.0 for First-Party Applications §5.1). Throws
 * unauthorized_client unless it is first party.
 */
export function parseAuthorizationChallenge(params: Params, client: ClientMetadata): AuthorizationChallenge {
  if (!client.firstParty || !client.grantTypes.includes('authorization_code')) {
    throw new OAuthError(
      'unauthorized_client',
      'Only a first-party client with the authorization_code grant may use this endpoint.',
      { reason: 'first_party_only' },
    )
  }
  return {
    scopes: parseScopeParameter(params) ?? [],
    resources: parseResources(params),
    codeChallenge: parseCodeChallenge(params, client),
    nonce: boundedText(params, 'nonce', MAX_NONCE_LENGTH),
    email: boundedText(params, 'email', MAX_EMAIL_LENGTH) ?? params.required('email'),
    password: params.required('password'),
  }
}

/** The answer to right credentials (OAuth 2.0 for First-Party Applications §5.2.1). */
export function respondAuthorizationChallenge(code: string): { readonly authorization_code: string } {
  return { authorization_code: code }
}
