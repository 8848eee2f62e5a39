import { OAuthError } from '@doorward/core'
import type { AccessTokenClaims } from '@doorward/core/jwt'
import { parseParams, parseUserinfo, respondUserinfo } from '@doorward/core/messages'
import type { Deps } from '../deps.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { IncomingRequest } from '../http/incoming.ts'
import { privateJson } from '../http/respond.ts'
import { claimsFor } from '../identity/claims.ts'
import { familyOf } from '../tokens/jti.ts'
import type { OwnAccessTokens } from '../tokens/verify.ts'

type UserinfoDeps = Pick<Deps, 'storage'> & { readonly accessTokens: OwnAccessTokens }

/**
 * `/oauth/userinfo`, GET and POST (OpenID Connect Core §5.3): for any live access token of ours with the scope
 * openid, whatever its audience.
 */
export function createUserinfoEndpoint(deps: UserinfoDeps): Handler {
  return async (inbound) => {
    const token = await presentedToken(inbound)
    const claims = deps.accessTokens.read(token)
    const familyId = claims === null ? null : familyOf(claims.jti)
    if (claims === null || familyId === null) throw dead()
    checkOpenid(claims)
    const [live, user, family] = await Promise.all([
      deps.accessTokens.isLive(claims),
      deps.storage.users.findById(claims.subject),
      deps.storage.families.find(familyId),
    ])
    if (!live || user === null || family === null) throw dead()
    const about = claimsFor(user, claims.scopes, family.grant.claims.userinfo)
    return privateJson(respondUserinfo(user.id, about))
  }
}

async function presentedToken(inbound: Inbound): Promise<string> {
  const { request } = inbound
  // A POST may carry the token in its header and have no form at all (OpenID Connect Core §5.3.1).
  const bodyless = inbound.method !== 'POST' || isEmpty(request)
  const form = bodyless ? null : parseParams(await inbound.form())
  const token = parseUserinfo(request.header('authorization'), form)
  if (token !== null) return token
  throw new OAuthError('invalid_token', 'The request carries no access token.', { reason: 'token_missing' })
}

function isEmpty(request: IncomingRequest): boolean {
  const length = request.header('content-length')
  return length === '0' || (length === null && request.header('content-type') === null)
}

function checkOpenid(claims: AccessTokenClaims): void {
  if (claims.scopes.includes('openid')) return
  throw new OAuthError('insufficient_scope', 'The access token lacks the scope openid.', {
    reason: 'token_without_openid',
  })
}

function dead(): OAuthError {
  return new OAuthError('invalid_token', 'The access token is expired, revoked or not one of ours.', {
    reason: 'token_dead',
  })
}
