import type { Sha256 } from '@doorward/core/crypto'
import type { Authentication, Identity, Session, User } from '../records.ts'
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

/** An identity and whose it is, read at one moment. */
export type KnownIdentity = { readonly identity: Identity; readonly proven: ProvenUser }

/** What the proven owner of an e-mail says of themselves, and the account as it was read. */
export type Reclaim = Pick<User, 'email' | 'claims'> & { readonly generation: number }

/** Accounts at other providers, each of which signs in one user. Nobody has (authority, subject) twice. */
export interface Identities {
  find(authority: string, subject: string): Promise<KnownIdentity | null>
  /** In the order in which they were linked. */
  ofUser(userId: string): Promise<readonly Identity[]>
  /** Notes a sign-in; false where the identity is gone. */
  touch(id: string, seen: Pick<Identity, 'provider' | 'label'>, now: number): Promise<boolean>
  /** A user together with a first identity. False, and neither is stored, where the e-mail or the identity is taken. */
  insertWithUser(identity: Identity, user: User): Promise<boolean>
  /**
   * Links an identity whose owner proved the user's e-mail. False, and nothing is stored, where the identity is taken, or
   * the user is not as it was read any more: enabled, of this generation, with this e-mail, verified.
   */
  insertForOwner(identity: Identity, proven: ProvenUser): Promise<boolean>
  /** Links an identity on the word of a session of the same user, which has to be live at that very moment. */
  insertInSession(identity: Identity, sid: string): Promise<'linked' | 'taken' | 'session_ended'>
  /**
   * Gives an account with an unverified e-mail to the identity whose owner proved that e-mail. The user keeps its id and
   * roles; the e-mail is verified, password, claims, identities and consents of before are gone, sessions and families
   * have ended. null, and nothing is stored, where the identity is taken, or the user is not as it was read any more.
   */
  reclaim(identity: Identity, owner: Reclaim): Promise<ProvenUser | null>
  /**
   * Unlinks an identity, unless it is the last way in: a password, or one of `others` that is still there, stays. Of
   * several that unlink at once the last is refused.
   */
  delete(id: string, userId: string, others: readonly string[]): Promise<'deleted' | 'last' | 'unknown'>
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

/** Sign-ins in a browser or an app, found by the hash of the cookie id. */
export interface Sessions {
  insert(session: NewSession, idHash: Sha256): Promise<void>
  /** The live sessions (not ended, neither limit passed, user enabled) behind these cookie ids, in their order. */
  findLive(
    idHashes: readonly Sha256[],
    now: number,
  ): Promise<readonly { readonly session: Session; readonly user: User; readonly idHash: Sha256 }[]>
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
