import { OAuthError } from '@doorward/core'
import { tokenHash } from '@doorward/core/crypto'
import type { IssuedTokens, RefreshTokenRequest } from '@doorward/core/messages'
import { sessionIdleExpiresAt } from '../policy/lifetimes.ts'
import { decideRotation, narrowerScopes } from '../policy/rotation.ts'
import { decideScopes } from '../policy/scopes.ts'
import type { PresentedRefreshToken, Session } from '../storage/records.ts'
import { newRefreshToken, signFamilyTokens } from './family.ts'
import type { GrantContext, GrantDeps, Granted, GrantHandler } from './grant.ts'
import { openLiveEnd, sealSuccessor } from './successor.ts'
import { loadTarget, type Target } from './target.ts'

/** A race is lost to another request once, and the second look finds the token rotated: more is a fault. */
const MAX_ATTEMPTS = 4

/** What one look at a refresh token found. */
type Loaded = {
  readonly request: RefreshTokenRequest
  readonly context: GrantContext
  readonly presented: PresentedRefreshToken
  readonly target: Target
  readonly scopes: readonly string[]
  readonly now: number
}

/** Rotates a refresh token (RFC 6749 §6, RFC 9700 §4.14.2). */
export function refreshTokenGrant(deps: GrantDeps): GrantHandler<RefreshTokenRequest> {
  return async (request, context) => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const granted = await refresh(request, context, deps)
      if (granted !== null) return granted
    }
    throw new OAuthError('temporarily_unavailable', 'The refresh token is being rotated too often at once.', {
      reason: 'refresh_contended',
      retryAfter: 1,
    })
  }
}

/** One try; null where another request rotated the token in between. */
async function refresh(
  request: RefreshTokenRequest,
  context: GrantContext,
  deps: GrantDeps,
): Promise<Granted | null> {
  const now = deps.clock()
  const presented = await loadToken(request, now, deps)
  const { graceSeconds } = deps.config.refresh
  const verdict = decideRotation(presented, context.client.id, { graceSeconds, now })
  if (verdict === 'reused') throw await endFamily(presented, context, deps)
  const { grant } = presented.family
  const holder = { kind: 'user', id: grant.userId } as const
  const target = await loadTarget({ requested: request.resource, granted: grant.resources, holder }, deps)
  const scopes = decideScopes({
    requested: request.scopes ?? [],
    allowed: grant.scopes,
    audiences: [target.audience],
    catalog: target.catalog,
    for: 'user',
  })
  const loaded = { request, context, presented, target, scopes, now }
  return verdict === 'rotate' ? rotate(loaded, deps) : repeat(loaded, deps)
}

async function rotate(loaded: Loaded, deps: GrantDeps): Promise<Granted | null> {
  const { request, presented, scopes, now } = loaded
  const { family } = presented
  const signed = await sign(loaded, deps)
  const next = newRefreshToken(family, deps, now)
  const won = await deps.storage.refreshTokens.rotate(
    presented.token,
    {
      token: next.seed,
      successor: { sealed: sealSuccessor(request.refreshToken, next.token, family.id), scopes },
      session: usedSession(loaded, deps),
    },
    now,
  )
  return won ? granted(loaded, { ...signed, refreshToken: next.token }) : null
}

/** The session that a rotation is activity of. */
function usedSession({ presented: { session }, now }: Loaded, { config }: GrantDeps): Session | null {
  if (session === null) return null
  return { ...session, idleExpiresAt: sessionIdleExpiresAt(session.expiresAt, config, now) }
}

/**
 * A client that repeats itself within the grace, because two of its requests crossed or an answer was lost,
 * gets the live end of the chain: no second branch ever grows.
 */
async function repeat(loaded: Loaded, deps: GrantDeps): Promise<Granted> {
  const { request, presented, now } = loaded
  const refreshToken = await openLiveEnd(request.refreshToken, presented, deps.storage.refreshTokens, now)
  if (refreshToken === null) {
    throw new OAuthError('invalid_grant', 'The refresh token was rotated, and its successor is gone.', {
      reason: 'refresh_successor_gone',
    })
  }
  const scopes = narrowerScopes(loaded.scopes, presented.token.successor?.scopes ?? [])
  const narrowed = { ...loaded, scopes }
  return granted(narrowed, { ...(await sign(narrowed, deps)), refreshToken })
}

function sign({ context, presented, target, scopes, now }: Loaded, deps: GrantDeps): Promise<IssuedTokens> {
  const { family, user, session } = presented
  // Without its session an offline family goes on, but its tokens name none (Back-Channel Logout §2.7).
  const sid = session?.sid ?? null
  return signFamilyTokens(
    { family, client: context.client, user, target, scopes, sid, nonce: null, now },
    deps,
  )
}

async function loadToken(
  request: RefreshTokenRequest,
  now: number,
  { storage }: GrantDeps,
): Promise<PresentedRefreshToken> {
  const presented = await storage.refreshTokens.find(tokenHash(request.refreshToken), now)
  if (presented !== null) return presented
  throw new OAuthError('invalid_grant', 'The refresh token is unknown, or expired long ago.', {
    reason: 'refresh_token_unknown',
  })
}

/** Somebody else holds this token too, and nobody can tell who is who: the family ends (RFC 9700 §4.14.2). */
async function endFamily(
  { family }: PresentedRefreshToken,
  { client, ip, reference }: GrantContext,
  { storage, audit, clock }: GrantDeps,
): Promise<OAuthError> {
  await storage.families.revoke(family.id, clock())
  const { userId, sid } = family.grant
  const { id: familyId } = family
  const reason = 'refresh_token_reused'
  audit.record({ event: 'refresh.reused', reason, clientId: client.id, userId, sid, familyId, ip, reference })
  return new OAuthError('invalid_grant', 'The refresh token was used before. All its tokens are revoked.', {
    reason,
  })
}

function granted({ presented, target }: Loaded, tokens: IssuedTokens): Granted {
  const { family, session } = presented
  const { userId } = family.grant
  return { tokens, userId, sid: session?.sid ?? null, familyId: family.id, audience: target.audience }
}
