import { OAuthError } from '@doorward/core'
import { parseTokenParams, parseTokenRequest, respondToken, type TokenRequest } from '@doorward/core/messages'
import type { AuthenticateClient } from '../client-authentication/authenticate.ts'
import { authorizationCodeGrant } from '../grants/authorization-code.ts'
import { clientCredentialsGrant } from '../grants/client-credentials.ts'
import type { GrantContext, GrantDeps, Granted } from '../grants/grant.ts'
import { refreshTokenGrant } from '../grants/refresh-token.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import { recordRefusal } from '../http/refusals.ts'
import { privateJson } from '../http/respond.ts'
import type { Client } from '../storage/records.ts'

type Grants = (request: TokenRequest, context: GrantContext) => Promise<Granted>

/** `/oauth/token`, POST (RFC 6749 §3.2). Client authentication comes first, so that no grant can forget it. */
export function createTokenEndpoint(deps: GrantDeps, authenticate: AuthenticateClient): Handler {
  const grants = chooseGrant(deps)
  return async (inbound) => {
    let client: Client | null = null
    try {
      const params = parseTokenParams(await inbound.form())
      client = await authenticate(inbound, params)
      const request = parseTokenRequest(params)
      const granted = await grants(request, { client, ip: inbound.ip, reference: inbound.reference })
      recordIssue(granted, { request, client, inbound }, deps)
      return privateJson(respondToken(granted.tokens))
    } catch (cause) {
      recordRefusal(cause, inbound, { event: 'token.refused', clientId: client?.id ?? null }, deps)
      throw cause
    }
  }
}

function chooseGrant(deps: GrantDeps): Grants {
  const redeem = authorizationCodeGrant(deps)
  const refresh = refreshTokenGrant(deps)
  const own = clientCredentialsGrant(deps)
  return (request, context) => {
    checkRegistered(request, context.client)
    switch (request.grantType) {
      case 'authorization_code':
        return redeem(request, context)
      case 'refresh_token':
        return refresh(request, context)
      case 'client_credentials':
        return own(request, context)
    }
  }
}

function checkRegistered({ grantType }: TokenRequest, { metadata }: Client): void {
  if (metadata.grantTypes.includes(grantType)) return
  throw new OAuthError('unauthorized_client', 'The client is not registered for this grant type.', {
    reason: 'grant_not_registered',
  })
}

type Asked = { readonly request: TokenRequest; readonly client: Client; readonly inbound: Inbound }

function recordIssue(
  { userId, sid, familyId, audience }: Granted,
  { request, client, inbound }: Asked,
  { audit }: GrantDeps,
): void {
  audit.record({
    event: 'token.issued',
    clientId: client.id,
    userId,
    sid,
    familyId,
    resource: audience,
    grantType: request.grantType,
    ip: inbound.ip,
    reference: inbound.reference,
  })
}
