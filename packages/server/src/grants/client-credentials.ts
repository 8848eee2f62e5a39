import { type ClientMetadata, OAuthError } from '@doorward/core'
import type { ClientCredentialsRequest } from '@doorward/core/messages'
import { accessTokenLifetime } from '../policy/lifetimes.ts'
import { decideScopes } from '../policy/scopes.ts'
import { issueAccessToken } from '../tokens/issue.ts'
import { clientJti } from '../tokens/jti.ts'
import type { GrantDeps, GrantHandler } from './grant.ts'
import { loadTarget } from './target.ts'

/** Gives a client a token of its own (RFC 6749 §4.4). Nothing is stored: the token says it all. */
export function clientCredentialsGrant(deps: GrantDeps): GrantHandler<ClientCredentialsRequest> {
  return async (request, { client }) => {
    const { metadata } = client
    checkConfidential(metadata)
    const target = await loadTarget(
      {
        requested: request.resource,
        granted: [request.resource ?? metadata.defaultResource ?? deps.config.issuer],
        holder: { kind: 'client', id: client.id },
      },
      deps,
    )
    const scopes = decideScopes({
      requested: request.scopes ?? [],
      allowed: metadata.scopes,
      audiences: [target.audience],
      catalog: target.catalog,
      for: 'client',
    })
    const issuedAt = deps.clock()
    const expiresIn = accessTokenLifetime(target.resource, deps.config)
    const accessToken = await issueAccessToken(
      {
        ...target,
        subject: client.id,
        clientId: client.id,
        scopes,
        jti: clientJti(),
        issuedAt,
        expiresAt: issuedAt + expiresIn,
        person: null,
        sid: null,
      },
      deps,
    )
    return {
      tokens: { accessToken, expiresIn, scope: scopes.join(' ') },
      userId: null,
      sid: null,
      familyId: null,
      audience: target.audience,
    }
  }
}

/** MUST be confidential, RFC 6749 §4.4. Throws unauthorized_client. */
function checkConfidential({ tokenEndpointAuthMethod }: ClientMetadata): void {
  if (tokenEndpointAuthMethod !== 'none') return
  throw new OAuthError('unauthorized_client', 'A public client has no tokens of its own.', {
    reason: 'client_public',
  })
}
