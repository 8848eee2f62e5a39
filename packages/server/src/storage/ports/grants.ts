import type { Sha256, TokenHash } from '@doorward/core/crypto'
import type {
  AuthorizationCode,
  Family,
  PresentedCode,
  PresentedRefreshToken,
  RefreshToken,
  Session,
  Successor,
} from '../records.ts'
import type { NewSession } from './people.ts'

/** How redeeming a code ended. */
export type Redemption =
  /** By this call: what it mints is stored. */
  | { readonly kind: 'redeemed' }
  /** Used before: what its first use minted has been revoked by this very call. */
  | { readonly kind: 'replayed'; readonly familyId: string | null }
  /** Expired, unknown, or its session, user or client is gone: nothing is stored. */
  | { readonly kind: 'dead' }

/** Authorization codes, each used once (RFC 6749 §4.1.2). */
export interface Codes {
  insert(code: AuthorizationCode): Promise<void>
  /** For first-party sign-in by a form, which has no session yet: session and code at once. */
  insertWithSession(session: NewSession, idHash: Sha256, code: AuthorizationCode): Promise<void>
  find(hash: TokenHash, now: number): Promise<PresentedCode | null>
  /**
   * Consumes the code and stores what it mints, in one; the family is of the generation that the code was found with.
   * Exactly one caller is answered 'redeemed'; each later one 'replayed', and the family is revoked by then. 'dead':
   * expired, unknown, or its session, user or client gone.
   */
  redeem(
    hash: TokenHash,
    minted: {
      readonly family: Family
      readonly refreshToken: RefreshTokenSeed | null
      readonly generation: number
    },
    now: number,
  ): Promise<Redemption>
  /** A replay seen before redeeming (the code is loaded as consumed): revokes what its first use minted. */
  revokeMinted(hash: TokenHash, now: number): Promise<string | null>
}

/** A refresh token that is to be stored: the hash of its text, and its idle end. */
export type RefreshTokenSeed = { readonly hash: TokenHash; readonly expiresAt: number }

/** Families of tokens, each of one authorization: what revoking a grant revokes. */
export interface Families {
  /** For first-party sign-in in process, which has no code: session, family and token at once. */
  insertWithSession(
    session: NewSession,
    idHash: Sha256,
    family: Family,
    refreshToken: RefreshTokenSeed | null,
  ): Promise<void>
  find(id: string): Promise<Family | null>
  /** false where it was revoked already. */
  revoke(id: string, now: number): Promise<boolean>
}

/** Refresh tokens, each rotated once (RFC 9700 §4.14.2). */
export interface RefreshTokens {
  find(hash: TokenHash, now: number): Promise<PresentedRefreshToken | null>
  /**
   * Exactly one caller wins the rotation of `token`: true. false where it was rotated, has expired, is not of that
   * family, or its family, session (without offline_access), user or client is gone. Counts as activity of `session`,
   * which is as it was found but for its idle end, the new one; null where it has ended.
   */
  rotate(
    token: Pick<RefreshToken, 'hash' | 'familyId'>,
    next: {
      readonly token: RefreshTokenSeed
      readonly successor: Successor
      readonly session: Pick<Session, 'sid' | 'lastSeenAt' | 'idleExpiresAt'> | null
    },
    now: number,
  ): Promise<boolean>
}

/** What an access token says of itself, by which it lives or not. */
export type AccessTokenFacts = {
  readonly jti: string
  /** null for client_credentials. */
  readonly familyId: string | null
  readonly sid: string | null
  readonly userId: string | null
  readonly clientId: string
}

/** Whether access tokens are good still, without a row for each (RFC 7662, RFC 7009). */
export interface AccessTokens {
  /** One statement: not revoked, and its client, user, session and family (those it has) all live. */
  isLive(facts: AccessTokenFacts, now: number): Promise<boolean>
  /** Remembers a revoked jti until the token would have expired. */
  revoke(jti: string, expiresAt: number, now: number): Promise<void>
}
