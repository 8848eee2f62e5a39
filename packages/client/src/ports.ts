/** What the client library stores. All times are in seconds; of session ids only hashes are stored. */

/** Somebody who is signed in to the app. */
export type SessionRecord = {
  /** SHA-256 of the id that the cookie holds. */
  readonly idHash: string
  readonly provider: string
  /** Who it is at the provider: `sub`, or what stands for it there. */
  readonly subject: string
  /** The provider's own session (`sid` of the ID token), which a back-channel logout may name. */
  readonly upstreamSid: string | null
  /** The app's own user, from `onSignIn`. */
  readonly userId: string | null
  /** What `getSession` shows of the user, as JSON. */
  readonly user: string
  readonly createdAt: number
  readonly seenAt: number
  /** At most `expiresAt`. */
  readonly idleUntil: number
  readonly expiresAt: number
}

/** A provider's tokens, sealed. */
export type VaultRow = {
  /** What the tokens belong to: a session's `idHash`, or a server's user and provider. */
  readonly ref: string
  /** Which key-encryption key sealed the data key. */
  readonly keyId: string
  /** The row's own data key, sealed under the key-encryption key. */
  readonly sealedKey: string
  /** The tokens, sealed under the data key. */
  readonly sealed: string
  /** Grows with each refresh, from the second in which the row was made: one that took another's place differs. */
  readonly version: number
  /** When the row itself may be swept. */
  readonly expiresAt: number
}

/** Who may refresh a row now, and until when. */
export type Lease = { readonly holder: string; readonly now: number; readonly until: number }

/** Sessions, each with its tokens or without. */
export interface Sessions {
  /** Stores a session and its tokens together, or neither. */
  insert(session: SessionRecord, vault: VaultRow | null): Promise<void>
  /** The session that lives at `now`, or null. */
  find(idHash: string, now: number): Promise<SessionRecord | null>
  /** Notes activity. Neither time ever goes back. */
  touch(idHash: string, seenAt: number, idleUntil: number): Promise<void>
  /** Ends a session; answers the tokens that went with it, to be revoked at the provider. */
  delete(idHash: string): Promise<VaultRow | null>
  /** Ends every session of somebody at a provider; answers the tokens that went with them. */
  deleteForSubject(provider: string, subject: string): Promise<readonly VaultRow[]>
  /**
   * Ends what a logout token names (OpenID Connect Back-Channel Logout 1.0 §2.7), and notes the token, together. False:
   * it came before, and nothing changed.
   */
  endUpstream(logout: UpstreamLogout, now: number): Promise<boolean>
}

/** What a provider's logout token says; one of `sid` and `subject` at least. */
export type UpstreamLogout = {
  readonly provider: string
  /** The provider's session. Where `subject` is named too, its sessions that know of no `sid` end as well. */
  readonly sid: string | null
  readonly subject: string | null
  /** What makes the token this one, and until when it may not come again. */
  readonly once: { readonly key: string; readonly expiresAt: number }
}

/** Sealed tokens, and whose turn it is to refresh them. */
export interface Vault {
  find(ref: string): Promise<VaultRow | null>
  /** Stores a row. In the place of one that is there it gets a higher version than that, and no lease. */
  put(row: VaultRow): Promise<void>
  /** Takes the lease, or prolongs the holder's own, where the row is still at `version`: one holder gets true. */
  lease(ref: string, version: number, lease: Lease): Promise<boolean>
  /**
   * Puts `row` where its version minus one is, and frees the lease. False: nothing changed. Whose lease it is does
   * not matter: of two answers to one refresh token the first is kept, though its holder was slow.
   */
  replace(row: VaultRow): Promise<boolean>
  /** Frees the lease, if `holder` has it. */
  release(ref: string, holder: string): Promise<void>
  delete(ref: string): Promise<void>
  /** Rows whose data key was sealed under this key: at most `limit`, in the order of `ref`, behind `after`. */
  findByKey(keyId: string, limit: number, after?: string): Promise<readonly VaultRow[]>
  /** How many rows there are under each key: at zero its secret is not needed any more. */
  countByKey(): Promise<ReadonlyMap<string, number>>
  /** Puts the data key of `row`, sealed under another key, unless the row has been sealed anew since. */
  reseal(row: VaultRow, keyId: string, sealedKey: string): Promise<boolean>
}

/** What may be used once. */
export interface Replays {
  /** True for exactly one of all callers that bring `key` until `expiresAt`. */
  insertOnce(key: string, expiresAt: number, now: number): Promise<boolean>
}

/** What a sweep deleted. */
export type Swept = {
  /** How many rows, tokens beside. Fewer than the limit: nothing is left. */
  readonly rows: number
  /**
   * Tokens of sessions that are over, to be revoked at the provider. Not those of a person with another session that
   * lives at the same provider: some providers take everything back with one token.
   */
  readonly tokens: readonly VaultRow[]
}

/** What an app's own store implements. Every verb takes effect whole or not at all. */
export interface ClientStore {
  readonly sessions: Sessions
  readonly vault: Vault
  readonly replays: Replays
  /** Deletes what is over at `now`, at most `limit` rows. */
  sweep(now: number, limit: number): Promise<Swept>
  close(): Promise<void>
}
