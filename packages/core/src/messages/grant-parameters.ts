import type { ClientMetadata } from '../client-metadata.ts'
import { OAuthError } from '../errors.ts'
import { isCodeChallenge } from '../pkce.ts'
import { checkResourceUri } from '../resource.ts'
import { parseScope } from '../scope.ts'
import type { Params } from './params.ts'

const MAX_RESOURCES = 10

/** The scopes asked for, or null where `scope` is absent (RFC 6749 §3.3). Throws invalid_scope. */
export function parseScopeParameter(params: Params): readonly string[] | null {
  const scope = params.get('scope')
  return scope === null ? null : parseScope(scope)
}

/** The resources of an authorization, each once, in order (RFC 8707 §2.1). Throws invalid_target. */
export function parseResources(params: Params): readonly string[] {
  const resources = params.getAll('resource')
  if (resources.length > MAX_RESOURCES) {
    throw new OAuthError('invalid_target', 'The request names more than 10 resources.', {
      reason: 'resources_too_many',
    })
  }
  resources.forEach(checkResourceUri)
  return [...new Set(resources)]
}

/** The one resource of a token request, or null (RFC 8707 §2.2). Throws invalid_target where there are two. */
export function parseSingleResource(params: Params): string | null {
  const [resource = null, ...others] = params.getAll('resource')
  if (others.length > 0) {
    throw new OAuthError(
      'invalid_target',
      'A token is for one resource: a token request names at most one.',
      {
        reason: 'resource_repeated',
      },
    )
  }
  if (resource !== null) checkResourceUri(resource)
  return resource
}

/**
 * The S256 challenge (RFC 7636 §4.3), or null where the client may go without: confidential, with `pkce` optional.
 * Throws invalid_request on plain, which is also what an absent method means.
 */
export function parseCodeChallenge(
  params: Params,
  client: Pick<ClientMetadata, 'pkce' | 'tokenEndpointAuthMethod'>,
): string | null {
  const challenge = params.get('code_challenge')
  const method = params.get('code_challenge_method')
  if (challenge === null) {
    // MUST for public clients, OAuth 2.1 §7.5.1, whatever the registration says.
    const optional = client.pkce === 'optional' && client.tokenEndpointAuthMethod !== 'none'
    if (optional && method === null) return null
    throw new OAuthError('invalid_request', 'code_challenge is missing: use PKCE with S256.', {
      reason: 'pkce_missing',
    })
  }
  if (method !== 'S256') {
    throw new OAuthError('invalid_request', 'code_challenge_method must be S256.', { reason: 'pkce_method' })
  }
  if (!isCodeChallenge(challenge)) {
    throw new OAuthError('invalid_request', 'code_challenge must be a SHA-256 in base64url: 43 characters.', {
      reason: 'pkce_malformed',
    })
  }
  return challenge
}
