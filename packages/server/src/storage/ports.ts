import type {
  Authentication,
  AuthorizationCode,
  Client,
  Family,
  KeptRequest,
  LogoutDelivery,
  OutboxEntry,
  PresentedRefreshToken,
  Resource,
  Role,
  RoleHolder,
  Session,
  SigningAlg,
  SigningKeyRecord,
  Successor,
  User,
} from './records.ts'

/**
 * What the server asks of a database. Each verb is whole: it takes effect entirely or not at all, and its
 * promise resolves only once the effect is on disk. Verbs that can be raced have exactly one winner.
 * A verb throws StorageError, never a driver's error.
 */
export type Storage = {
  readonly users: Users
  readonly clients: Clients
  readonly resources: Resources
  readonly roles: Roles
  readonly sessions: Sessions
  readonly consents: Consents
  readonly codes: Codes
  readonly families: Families
  readonly refreshTokens: RefreshTokens
  readonly accessTokens: AccessTokens
  readonly keys: Keys
  readonly replays: Replays
  readonly limits: Limits
  readonly keptRequests: KeptRequests
  readonly logoutDeliveries: LogoutDeliveries
  readonly outbox: Outbox
  readonly maintenance: Maintenance
  close(): Promise<void>
}

export type Page = { readonly after: string | null; readonly limit: number }

/**
 * A user, and the generation at the moment the record was read. Whatever ends everything of a user (a new
 * password, disabling) raises the generation.
 */
export type ProvenUser = { readonly user: User; readonly generation: number }

/**
 * A session of `generation` of its user, by default the one of now: one that the user has outgrown meanwhile is
 * stored dead, so that a sign-in with the old password cannot outrun the new one.
 */
export type NewSession = Session & { readonly generation?: number }

export interface Users {
  /** null where the e-mail (by its key) is taken. */
  insert(user: User): Promise<User | null>
  findById(id: string): Promise<User | null>
  /** `key` is `emailKey(email)`: NFC, lower-cased. */
  findByEmailKey(key: string): Promise<User | null>
  /** The same, with the generation that a session of this sign-in belongs to. */
  findForSignIn(key: string): Promise<ProvenUser | null>
  /** Ordered by id. */
  list(page: Page): Promise<readonly User[]>
  /** Replaces the hash where it still is `expected` (a rehash at sign-in); ends nothing. */
  rehash(id: string, expected: string, passwordHash: string, now: number): Promise<boolean>
  /** A new password: also ends the user's sessions and revokes every family. */
  setPassword(id: string, passwordHash: string, now: number): Promise<boolean>
  /** Also ends sessions and revokes families. */
  disable(id: string, now: number): Promise<boolean>
  enable(id: string, now: number): Promise<boolean>
  /** With all that belongs to the user: none of it is found any more; rows of codes and families go with the sweep. */
  delete(id: string, now: number): Promise<boolean>
  count(): Promise<number>
}

export interface Clients {
  /** null where the id is taken. */
  insert(client: Client): Promise<Client | null>
  find(id: string): Promise<Client | null>
  list(page: Page): Promise<readonly Client[]>
  setSecret(id: string, secretHash: string, now: number): Promise<boolean>
  /** Also ends its families, consents, codes and role grants: none is found any more; their rows go with the sweep. */
  delete(id: string, now: number): Promise<boolean>
}

export interface Resources {
  insert(resource: Resource): Promise<Resource | null>
  find(uri: string): Promise<Resource | null>
  list(): Promise<readonly Resource[]>
  /** Also takes away the permissions that roles have there. */
  delete(uri: string, now: number): Promise<boolean>
}

export interface Roles {
  insert(name: string, now: number): Promise<boolean>
  /** 'unknown-role' | 'unknown-resource' | 'unknown-permission' where a part is missing; repeating is fine. */
  allow(
    name: string,
    resource: string,
    permission: string,
    now: number,
  ): Promise<'ok' | 'unknown-role' | 'unknown-resource' | 'unknown-permission'>
  grant(name: string, holder: RoleHolder, now: number): Promise<'ok' | 'unknown-role' | 'unknown-holder'>
  /** false where the holder did not have it. */
  revoke(name: string, holder: RoleHolder, now: number): Promise<boolean>
  list(): Promise<readonly Role[]>
  /** Roles of a holder, and what they allow at one resource; both sorted. */
  of(
    holder: RoleHolder,
    resource: string,
  ): Promise<{ readonly roles: readonly string[]; readonly permissions: readonly string[] }>
}

export interface Sessions {
  insert(session: NewSession, idHash: string): Promise<void>
  /** The live sessions (not ended, neither limit passed, user enabled) behind these cookie ids, in their order. */
  findLive(
    idHashes: readonly string[],
    now: number,
  ): Promise<readonly { readonly session: Session; readonly user: User; readonly idHash: string }[]>
  findBySid(sid: string, now: number): Promise<{ readonly session: Session; readonly user: User } | null>
  /** A renewed sign-in of the same person: a new cookie id, `sid` stays. null where the old one is not live. */
  renew(
    sid: string,
    idHash: string,
    authentication: Authentication,
    limits: { readonly idleExpiresAt: number; readonly expiresAt: number },
    now: number,
  ): Promise<Session | null>
  /** Activity; written at most once a minute (a no-op when last_seen_at is younger). */
  touch(sid: string, idleExpiresAt: number, now: number): Promise<void>
  /**
   * Ends the session and revokes its families without offline_access, and queues one logout delivery for
   * each client of the session that has a back-channel logout URI. false where it had ended.
   */
  end(sid: string, now: number): Promise<boolean>
}

export type ConsentItem = { readonly resource: string; readonly scope: string }

export interface Consents {
  find(userId: string, clientId: string): Promise<readonly ConsentItem[]>
  remember(userId: string, clientId: string, items: readonly ConsentItem[], now: number): Promise<void>
}

export type Redemption =
  | { readonly kind: 'redeemed' }
  /** Used before: what its first use minted has been revoked by this very call. */
  | { readonly kind: 'replayed'; readonly familyId: string | null }
  | { readonly kind: 'dead' }

export interface Codes {
  insert(code: AuthorizationCode): Promise<void>
  find(hash: string): Promise<AuthorizationCode | null>
  /**
   * Consumes the code and stores what it mints, in one. Exactly one caller is answered 'redeemed'; each later
   * one 'replayed', and the family is revoked by then. 'dead': expired, unknown, or its session, user or client gone.
   */
  redeem(
    hash: string,
    minted: { readonly family: Family; readonly refreshToken: RefreshTokenSeed | null },
    now: number,
  ): Promise<Redemption>
  /** A replay seen before redeeming (the code is loaded as consumed): revokes what its first use minted. */
  revokeMinted(hash: string, now: number): Promise<string | null>
}

export type RefreshTokenSeed = { readonly hash: string; readonly expiresAt: number }

export interface Families {
  /** For first-party sign-in in process, which has no code: session, family and token at once. */
  insertWithSession(
    session: NewSession,
    idHash: string,
    family: Family,
    refreshToken: RefreshTokenSeed | null,
  ): Promise<void>
  find(id: string): Promise<Family | null>
  /** false where it was revoked already. */
  revoke(id: string, now: number): Promise<boolean>
}

export interface RefreshTokens {
  find(hash: string, now: number): Promise<PresentedRefreshToken | null>
  /**
   * Exactly one caller wins the rotation of `oldHash`: true. false where it was rotated, has expired, or its
   * family, session (without offline_access), user or client is gone. Also touches the session.
   */
  rotate(
    oldHash: string,
    next: {
      readonly token: RefreshTokenSeed
      readonly successor: Successor
      readonly sessionIdleExpiresAt: number
    },
    now: number,
  ): Promise<boolean>
}

export type AccessTokenFacts = {
  readonly jti: string
  /** null for client_credentials. */
  readonly familyId: string | null
  readonly sid: string | null
  readonly userId: string | null
  readonly clientId: string
}

export interface AccessTokens {
  /** One statement: not revoked, and its client, user, session and family (those it has) all live. */
  isLive(facts: AccessTokenFacts, now: number): Promise<boolean>
  /** Remembers a revoked jti until the token would have expired. */
  revoke(jti: string, expiresAt: number, now: number): Promise<void>
}

export interface Keys {
  /** All that are not gone, oldest first. */
  list(now: number): Promise<readonly SigningKeyRecord[]>
  /** The very first key of an algorithm; false where one exists (several first starts: one wins). */
  insertFirst(key: SigningKeyRecord): Promise<boolean>
  /** The next key, unless one that has not signed yet waits already: then false (several nodes rotate: one wins). */
  insertNext(key: SigningKeyRecord, now: number): Promise<boolean>
  /** Retires every key of `alg` that signed before `kid` took over. Drops their private parts. */
  retireBefore(alg: SigningAlg, kid: string, goneAt: number, now: number): Promise<void>
  /** Removes a compromised key at once and stores its replacement, which signs at once. false where it is unknown. */
  compromise(kid: string, replacement: SigningKeyRecord | null, now: number): Promise<boolean>
  /** Replaces sealed private parts (re-sealing under a new key-encryption key); a no-op where the old text differs. */
  reseal(kid: string, oldSealed: string, newSealed: string): Promise<boolean>
}

export interface Replays {
  /** true for the first caller with this (issuer, jti), false for each later one until expiresAt. */
  insertOnce(issuer: string, jti: string, expiresAt: number): Promise<boolean>
}

export type Limit = { readonly key: string; readonly max: number; readonly windowSeconds: number }

export interface Limits {
  /** Seconds until a taken limit is free, or null where all have room. Reads only. */
  wait(limits: readonly Limit[], now: number): Promise<number | null>
  /** Counts one in each where all have room, else counts nowhere and answers the seconds to wait. One transaction. */
  take(limits: readonly Limit[], now: number): Promise<number | null>
  /** Success: forgets `clear` entirely and gives one back to each of `release`. */
  settle(outcome: { readonly clear: readonly string[]; readonly release: readonly string[] }): Promise<void>
}

export interface KeptRequests {
  /** false where the table is full (10,000 rows): answer 503 with Retry-After. */
  insert(request: KeptRequest, now: number): Promise<boolean>
  find(hash: string, endpoint: KeptRequest['endpoint'], now: number): Promise<KeptRequest | null>
}

export interface LogoutDeliveries {
  /**
   * Takes up to `limit` due deliveries, each by exactly one caller, counts the attempt, and moves the next one
   * `leaseSeconds` on. One that is never done goes after a day.
   */
  take(limit: number, leaseSeconds: number, now: number): Promise<readonly LogoutDelivery[]>
  done(id: string): Promise<void>
  retryAt(id: string, at: number): Promise<void>
}

export interface Outbox {
  /**
   * Entries written since `since` (seconds), oldest first. Verbs write entries themselves; they stay for a day
   * (OUTBOX_RETENTION_SECONDS), so a process that slept longer reads everything anew.
   */
  read(since: number): Promise<readonly OutboxEntry[]>
}

export interface Maintenance {
  /** Deletes up to `batch` expired rows of each table; answers how many went. Call until 0. */
  sweep(now: number, batch: number): Promise<number>
  /** A consistent copy of a live embedded database; throws StorageError on PostgreSQL (says to use pg_dump). */
  backup(file: string): Promise<void>
  /** For readiness: a trivial query. */
  ping(): Promise<void>
}
