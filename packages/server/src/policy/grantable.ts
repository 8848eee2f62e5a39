import type { ClientMetadata } from '@doorward/core'
import type { ConsentItem } from '../storage/ports.ts'
import type { ClaimsRequest, Client, Grant, Session } from '../storage/records.ts'
import { isConnectionScope } from './connection-scopes.ts'
import { claimsBeyondScopes, consentItems, WHOLE_API } from './consent-needed.ts'
import { decideAudiences, type ScopeCatalog } from './resources.ts'
import { clientScopes, decideScopes, IDENTITY_SCOPES, requestedScopes } from './scopes.ts'

/** What an authorization would give, once everybody agrees. */
export type Grantable = {
  readonly scopes: readonly string[]
  /** Granted audiences, the default one first. */
  readonly audiences: readonly string[]
  /** True where the refresh tokens outlive the session. */
  readonly offline: boolean
  /** Single claims beyond the scopes. */
  readonly claims: readonly string[]
  /** All of it as consent is asked for and remembered. */
  readonly items: readonly ConsentItem[]
}

type Asked = {
  readonly scopes: readonly string[]
  readonly resources: readonly string[]
  readonly claims: ClaimsRequest
}

/**
 * Decides scopes and audiences of a request. `consent`: 'unasked' where no page can ask the person, so that what needs their
 * own word is left out. Throws invalid_scope, invalid_target (RFC 6749 §3.3, RFC 8707 §2).
 */
export function decideGrantable(
  asked: Asked,
  client: ClientMetadata,
  catalog: ScopeCatalog,
  consent: 'by-page' | 'unasked',
): Grantable {
  const audiences = decideAudiences(asked.resources, client.defaultResource, catalog)
  const scopes = decideScopes({
    requested: requestedScopes(asked.scopes, client),
    allowed: clientScopes(client).filter((scope) => consent === 'by-page' || !isConnectionScope(scope)),
    audiences,
    catalog,
    for: 'user',
  })
  const claims = claimsBeyondScopes(claimsGiven(asked.claims, scopes, audiences, catalog), scopes)
  return {
    scopes,
    audiences,
    offline: scopes.includes('offline_access'),
    claims,
    items: consentItems(scopesByAudience(scopes, audiences, catalog), claims, catalog.issuer),
  }
}

/** The facts that a code and its family share, once everybody has agreed. */
export function grantFor(
  client: Client,
  session: Session,
  grantable: Grantable,
  claims: ClaimsRequest,
): Grant {
  return {
    clientId: client.id,
    userId: session.userId,
    sid: session.sid,
    authTime: session.authTime,
    acr: session.acr,
    amr: session.amr,
    scopes: grantable.scopes,
    resources: grantable.audiences,
    claims: { userinfo: claims.userinfo, idToken: claims.idToken },
    offline: grantable.offline,
  }
}

/**
 * The claims that some token would carry. Single ones are an OpenID Connect feature, of no effect without openid;
 * those that an API wants are in its access token, which the client can read (RFC 9068 §6).
 */
function claimsGiven(
  asked: ClaimsRequest,
  scopes: readonly string[],
  audiences: readonly string[],
  catalog: ScopeCatalog,
): ClaimsRequest {
  const carried = audiences.flatMap((audience) => catalog.resource(audience)?.claims ?? [])
  if (!scopes.includes('openid')) return { userinfo: [], idToken: carried }
  return { userinfo: asked.userinfo, idToken: [...asked.idToken, ...carried] }
}

/**
 * Each scope at each audience that knows it; those about the person are the issuer's. An API is an item by itself
 * too: a token for it says who the person is and which roles they have there, whatever its scopes.
 */
function scopesByAudience(
  scopes: readonly string[],
  audiences: readonly string[],
  catalog: ScopeCatalog,
): readonly ConsentItem[] {
  const apis = audiences.filter((audience) => audience !== catalog.issuer)
  const items = scopes.flatMap((scope) => {
    if (IDENTITY_SCOPES.has(scope)) return [{ resource: catalog.issuer, scope }]
    return audiences
      .filter((audience) => catalog.knows(audience, scope))
      .map((resource) => ({ resource, scope }))
  })
  return [...items, ...apis.map((resource) => ({ resource, scope: WHOLE_API }))]
}
