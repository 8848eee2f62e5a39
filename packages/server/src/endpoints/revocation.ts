import { OAuthError } from '@doorward/core'
import { tokenHash } from '@doorward/core/crypto'
import { parseParams, parseRevocation } from '@doorward/core/messages'
import type { AuthenticateClient } from '../client-authentication/authenticate.ts'
import type { Deps } from '../deps.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import { recordingRefusals } from '../http/refusals.ts'
import { done } from '../http/respond.ts'
import type { Client } from '../storage/records.ts'
import { familyOf } from '../tokens/jti.ts'
import type { OwnAccessTokens } from '../tokens/verify.ts'

type RevocationDeps = Pick<Deps, 'storage' | 'audit' | 'clock'> & {
  readonly authenticate: AuthenticateClient
  readonly accessTokens: OwnAccessTokens
}

/** Who a token belonged to, for the record. */
type Revoked = {
  readonly userId: string | null
  readonly familyId: string | null
  readonly sid: string | null
}

/**
 * `/oauth/revoke`, POST (RFC 7009 §2). A refresh token ends with its whole family, an access token alone. An
 * unknown token is answered like a revoked one.
 */
export function createRevocationEndpoint(deps: RevocationDeps): Handler {
  return recordingRefusals(async (inbound) => {
    const params = parseParams(await inbound.form())
    const client = await deps.authenticate(inbound, params)
    const { token } = parseRevocation(params)
    const revoked = token.includes('.')
      ? await revokeAccessToken(token, client, deps)
      : await revokeFamily(token, client, deps)
    if (revoked !== null) record(revoked, client, inbound, deps)
    return done()
  }, deps)
}

async function revokeAccessToken(
  token: string,
  client: Client,
  deps: RevocationDeps,
): Promise<Revoked | null> {
  const claims = deps.accessTokens.read(token)
  if (claims === null) return null
  checkOwner(claims.clientId, client)
  await deps.storage.accessTokens.revoke(claims.jti, claims.expiresAt, deps.clock())
  const familyId = familyOf(claims.jti)
  return { familyId, userId: familyId === null ? null : claims.subject, sid: claims.sid }
}

async function revokeFamily(token: string, client: Client, deps: RevocationDeps): Promise<Revoked | null> {
  const now = deps.clock()
  const presented = await deps.storage.refreshTokens.find(tokenHash(token), now)
  if (presented === null) return null
  const { id: familyId, grant } = presented.family
  checkOwner(grant.clientId, client)
  if (!(await deps.storage.families.revoke(familyId, now))) return null
  return { familyId, userId: grant.userId, sid: grant.sid }
}

/** RFC 7009 §2.1: the request is refused, and the client informed, where the token is another client's. */
function checkOwner(owner: string, client: Client): void {
  if (owner === client.id) return
  throw new OAuthError('invalid_grant', 'The token was issued to another client.', {
    reason: 'token_of_other_client',
  })
}

function record(revoked: Revoked, client: Client, inbound: Inbound, { audit }: RevocationDeps): void {
  const { ip, reference } = inbound
  audit.record({ event: 'token.revoked', clientId: client.id, ...revoked, ip, reference })
}
