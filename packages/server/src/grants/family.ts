import { tokenHash } from '@doorward/core/crypto'
import type { IssuedTokens } from '@doorward/core/messages'
import {
  accessTokenExpiresAt,
  accessTokenLifetime,
  familyExpiresAt,
  refreshTokenExpiresAt,
} from '../policy/lifetimes.ts'
import type { RefreshTokenSeed } from '../storage/ports.ts'
import type { Client, Family, Grant, User } from '../storage/records.ts'
import { issueAccessToken, issueIdToken } from '../tokens/issue.ts'
import { familyJti } from '../tokens/jti.ts'
import { newTimedToken } from '../tokens/timed.ts'
import type { GrantDeps } from './grant.ts'
import type { Target } from './target.ts'

type SignDeps = Pick<GrantDeps, 'config' | 'keyring'>

/** What every token of a family's answer is made from. */
type FamilyTokenFacts = {
  readonly family: Family
  readonly client: Client
  readonly user: User
  readonly target: Target
  readonly scopes: readonly string[]
  /** null where the session has ended. */
  readonly sid: string | null
  /** null on refresh. */
  readonly nonce: string | null
  readonly now: number
}

/** Signs an access token and, with openid, an ID token. Stores nothing. */
export async function signFamilyTokens(facts: FamilyTokenFacts, deps: SignDeps): Promise<IssuedTokens> {
  const { family, client, user, target, scopes, sid, now } = facts
  const { grant } = family
  const expiresAt = accessTokenExpiresAt(
    accessTokenLifetime(target.resource, deps.config),
    family.expiresAt,
    now,
  )
  const accessToken = await issueAccessToken(
    {
      ...target,
      subject: user.id,
      clientId: client.id,
      scopes,
      jti: familyJti(family.id),
      issuedAt: now,
      expiresAt,
      person: { user, authentication: grant },
      sid,
    },
    deps,
  )
  const issued = { accessToken, expiresIn: expiresAt - now, scope: scopes.join(' ') }
  if (!scopes.includes('openid')) return issued
  const idToken = await issueIdToken(
    {
      client,
      user,
      authentication: grant,
      sid,
      nonce: facts.nonce,
      accessToken,
      requestedClaims: grant.claims.idToken,
      issuedAt: now,
    },
    deps,
  )
  return { ...issued, idToken }
}

/** What a new family starts from: an authorization, its client and person, and what its first tokens are for. */
type NewFamily = {
  readonly id: string
  readonly grant: Grant
  readonly client: Client
  readonly user: User
  readonly target: Target
  readonly scopes: readonly string[]
  /** When the session of the grant ends at the latest. */
  readonly sessionExpiresAt: number
  readonly nonce: string | null
  readonly now: number
}

/** A family and its first tokens, signed but not stored. */
type MintedFamily = {
  readonly family: Family
  /** null for clients without the refresh_token grant. */
  readonly refreshToken: RefreshTokenSeed | null
  readonly tokens: IssuedTokens
}

/** Makes a family with its first tokens; the caller stores it, and only then sends them. */
export async function mintFamily(start: NewFamily, deps: SignDeps): Promise<MintedFamily> {
  const { id, grant, client, user, target, scopes, sessionExpiresAt, nonce, now } = start
  const refreshes = client.metadata.grantTypes.includes('refresh_token')
  const term = {
    refreshes,
    offline: grant.offline,
    sessionExpiresAt,
    accessTokenLifetime: accessTokenLifetime(target.resource, deps.config),
  }
  const expiresAt = familyExpiresAt(term, deps.config, now)
  const family: Family = { id, grant, createdAt: now, expiresAt, revokedAt: null }
  const signed = await signFamilyTokens(
    { family, client, user, target, scopes, sid: grant.sid, nonce, now },
    deps,
  )
  if (!refreshes) return { family, refreshToken: null, tokens: signed }
  const next = newRefreshToken(family, deps, now)
  return { family, refreshToken: next.seed, tokens: { ...signed, refreshToken: next.token } }
}

/** A refresh token of a family: the secret that is sent, and what is stored of it. */
export function newRefreshToken(
  family: Family,
  { config }: Pick<GrantDeps, 'config'>,
  now: number,
): { readonly token: string; readonly seed: RefreshTokenSeed } {
  const token = newTimedToken(now)
  const expiresAt = refreshTokenExpiresAt(family.expiresAt, config, now)
  return { token, seed: { hash: tokenHash(token), expiresAt } }
}
