import { OAuthError } from '@doorward/core'
import { tokenHash } from '@doorward/core/crypto'
import type { AuthorizationCodeRequest } from '@doorward/core/messages'
import { decideRedemption } from '../policy/redemption.ts'
import { decideScopes } from '../policy/scopes.ts'
import type { AuthorizationCode, PresentedCode } from '../storage/records.ts'
import { newFamilyId } from '../tokens/jti.ts'
import { mintFamily } from './family.ts'
import type { GrantContext, GrantDeps, Granted, GrantHandler } from './grant.ts'
import { loadTarget, type Target } from './target.ts'

/** Redeems a code for tokens (RFC 6749 §4.1.3, OpenID Connect Core §3.1.3). */
export function authorizationCodeGrant(deps: GrantDeps): GrantHandler<AuthorizationCodeRequest> {
  return async (request, context) => {
    const now = deps.clock()
    const { code, user, session, generation } = await loadCode(request, now, deps)
    if (decideRedemption(code, request, context.client.id, now) === 'replayed') {
      const familyId = await deps.storage.codes.revokeMinted(code.hash, now)
      throw replayed(code, familyId, context, deps)
    }
    if (session === null) throw gone()
    const { resources, userId } = code.grant
    const holder = { kind: 'user', id: userId } as const
    const target = await loadTarget({ requested: request.resource, granted: resources, holder }, deps)
    const minted = await mintFamily(
      {
        id: code.familyId ?? newFamilyId(now),
        grant: code.grant,
        client: context.client,
        user,
        target,
        scopes: scopesAt(target, code),
        sessionExpiresAt: session.expiresAt,
        nonce: code.nonce,
        now,
      },
      deps,
    )
    const redemption = await deps.storage.codes.redeem(code.hash, { ...minted, generation }, now)
    if (redemption.kind === 'replayed') throw replayed(code, redemption.familyId, context, deps)
    if (redemption.kind === 'dead') throw gone()
    return granted(code, minted, target)
  }
}

async function loadCode(
  request: AuthorizationCodeRequest,
  now: number,
  { storage }: GrantDeps,
): Promise<PresentedCode> {
  const presented = await storage.codes.find(tokenHash(request.code), now)
  if (presented !== null) return presented
  throw new OAuthError('invalid_grant', 'The code is unknown, or expired long ago.', {
    reason: 'code_unknown',
  })
}

function scopesAt({ audience, catalog }: Target, { grant }: AuthorizationCode): readonly string[] {
  return decideScopes({ requested: [], allowed: grant.scopes, audiences: [audience], catalog, for: 'user' })
}

function granted(
  { grant }: AuthorizationCode,
  { family, tokens }: Awaited<ReturnType<typeof mintFamily>>,
  { audience }: Target,
): Granted {
  return { tokens, userId: grant.userId, sid: grant.sid, familyId: family.id, audience }
}

/** A code that comes twice was stolen, once or the other time: what it minted is gone (RFC 6749 §4.1.2). */
function replayed(
  { grant }: AuthorizationCode,
  familyId: string | null,
  { client, ip, reference }: GrantContext,
  { audit }: GrantDeps,
): OAuthError {
  audit.record({
    event: 'code.replayed',
    reason: 'code_replayed',
    clientId: client.id,
    userId: grant.userId,
    sid: grant.sid,
    familyId,
    ip,
    reference,
  })
  return new OAuthError('invalid_grant', 'The code was used before. What it minted has been revoked.', {
    reason: 'code_replayed',
  })
}

function gone(): OAuthError {
  return new OAuthError('invalid_grant', 'The sign-in behind the code has ended.', {
    reason: 'session_ended',
  })
}
