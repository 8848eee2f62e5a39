import { tokenHash } from '@doorward/core/crypto'
import type { AccessTokenClaims } from '@doorward/core/jwt'
import {
  type ActiveToken,
  parseIntrospection,
  parseParams,
  respondIntrospection,
  type TokenQuestion,
} from '@doorward/core/messages'
import type { AuthenticateClient } from '../client-authentication/authenticate.ts'
import type { Deps } from '../deps.ts'
import type { Handler } from '../http/inbound.ts'
import { recordingRefusals } from '../http/refusals.ts'
import { privateJson } from '../http/respond.ts'
import { isLiveRefreshToken } from '../policy/rotation.ts'
import type { Client } from '../storage/records.ts'
import type { OwnAccessTokens } from '../tokens/verify.ts'

type IntrospectionDeps = Pick<Deps, 'config' | 'storage' | 'audit' | 'clock'> & {
  readonly authenticate: AuthenticateClient
  readonly accessTokens: OwnAccessTokens
}

/** `/oauth/introspect`, POST (RFC 7662 §2). */
export function createIntrospectionEndpoint(deps: IntrospectionDeps): Handler {
  return recordingRefusals(async (inbound) => {
    const params = parseParams(await inbound.form())
    // MUST be authorized, or anybody could probe for live tokens: RFC 7662 §2.1, §4.
    const client = await deps.authenticate(inbound, params, 'proof')
    const question = parseIntrospection(params)
    return privateJson(respondIntrospection(await findActive(question, client, deps)))
  }, deps)
}

/** null: not live, or none of this client's business, and the answer does not tell which (RFC 7662 §2.2). */
async function findActive(
  { token }: TokenQuestion,
  client: Client,
  deps: IntrospectionDeps,
): Promise<ActiveToken | null> {
  // The form of a token tells its kind, so the hint is not needed.
  if (!token.includes('.')) return findRefreshToken(token, client, deps)
  const claims = deps.accessTokens.read(token)
  if (claims === null || !maySee(client, claims)) return null
  return (await deps.accessTokens.isLive(claims)) ? activeAccessToken(claims) : null
}

function maySee({ id, metadata }: Client, claims: AccessTokenClaims): boolean {
  return claims.clientId === id || claims.audience.some((audience) => metadata.introspects.includes(audience))
}

function activeAccessToken(claims: AccessTokenClaims): ActiveToken {
  const { iss: _iss, sub: _sub, aud: _aud, exp: _exp, iat: _iat, jti: _jti, ...extra } = claims.claims
  const [audience = ''] = claims.audience
  return {
    clientId: claims.clientId,
    tokenType: 'Bearer',
    scope: claims.scopes.join(' '),
    sub: claims.subject,
    iss: claims.issuer,
    aud: audience,
    exp: claims.expiresAt,
    iat: claims.issuedAt,
    jti: claims.jti,
    extra,
  }
}

async function findRefreshToken(
  token: string,
  client: Client,
  { config, storage, clock }: IntrospectionDeps,
): Promise<ActiveToken | null> {
  const presented = await storage.refreshTokens.find(tokenHash(token), clock())
  if (presented === null || !isLiveRefreshToken(presented, clock())) return null
  const { grant } = presented.family
  if (grant.clientId !== client.id) return null
  return {
    clientId: client.id,
    tokenType: 'refresh_token',
    scope: grant.scopes.join(' '),
    sub: grant.userId,
    iss: config.issuer,
    aud: grant.resources,
    exp: presented.token.expiresAt,
    iat: presented.token.createdAt,
  }
}
