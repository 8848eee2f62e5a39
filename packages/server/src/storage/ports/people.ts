import type { Sha256 } from '@doorward/core/crypto'
import type { Authentication, Session, User } from '../records.ts'
import type { Page } from './registrations.ts'

/**
 * A user, and the generation at the moment the record was read. Whatever ends everything of a user (a new
 * password, disabling) raises the generation.
 */
export type ProvenUser = { readonly user: User; readonly generation: number }

/** People who can sign in, each found by id or by the key of their e-mail. */
export interface Users {
  /**
   * The user with these roles, in one. 'unknown-role' where one of them is missing, else null where the e-mail
   * (by its key) is taken; nothing is stored then.
   */
  insert(user: User, roles?: readonly string[]): Promise<User | null | 'unknown-role'>
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
}

/**
 * A session of `generation` of its user, by default the one of now: one that the user has outgrown meanwhile is
 * stored dead, so that a sign-in with the old password cannot outrun the new one.
 */
export type NewSession = Session & { readonly generation?: number }

/** What a renewed sign-in changes of its session: the cookie id, the proof of who it is, both ends. */
export type Renewal = Authentication & {
  readonly idHash: Sha256
  readonly idleExpiresAt: number
  readonly expiresAt: number
}

/** Sign-ins in a browser or an app, found by the hash of the cookie id or by `sid`. */
export interface Sessions {
  insert(session: NewSession, idHash: Sha256): Promise<void>
  /** The live sessions (not ended, neither limit passed, user enabled) behind these cookie ids, in their order. */
  findLive(
    idHashes: readonly Sha256[],
    now: number,
  ): Promise<readonly { readonly session: Session; readonly user: User; readonly idHash: Sha256 }[]>
  findBySid(sid: string, now: number): Promise<{ readonly session: Session; readonly user: User } | null>
  /** A renewed sign-in of the same person: a new cookie id, `sid` stays. null where the old one is not live. */
  renew(sid: string, renewal: Renewal, now: number): Promise<Session | null>
  /** Activity; written at most once a minute (a no-op when last_seen_at is younger). */
  touch(sid: string, idleExpiresAt: number, now: number): Promise<void>
  /**
   * Ends the session and revokes its families without offline_access, and queues one logout delivery for
   * each client of the session that has a back-channel logout URI. false where it had ended.
   */
  end(sid: string, now: number): Promise<boolean>
}

/** One scope at one resource that a person agreed to. */
export type ConsentItem = { readonly resource: string; readonly scope: string }

/** What a person has let a client do, remembered from the consent page. */
export interface Consents {
  find(userId: string, clientId: string): Promise<readonly ConsentItem[]>
  remember(userId: string, clientId: string, items: readonly ConsentItem[], now: number): Promise<void>
}
