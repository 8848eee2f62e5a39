import type { Sha256 } from '@doorward/core/crypto'
import type { KeptRequest, LogoutDelivery, OutboxEntry, SigningAlg, SigningKeyRecord } from '../records.ts'

/** Signing keys, from their announcement in the JWKS to the end of the last token they signed. */
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

/** The `jti` of client assertions that were used (RFC 7523 §3). */
export interface Replays {
  /** true for the first caller with this (issuer, jti), false for each later one until expiresAt. */
  insertOnce(issuer: string, jti: string, expiresAt: number): Promise<boolean>
}

/** At most `max` attempts under `key` in a window of so many seconds. */
export type Limit = { readonly key: string; readonly max: number; readonly windowSeconds: number }

/** Counters that slow down guessing of passwords. */
export interface Limits {
  /** Seconds until a taken limit is free, or null where all have room. Reads only. */
  wait(limits: readonly Limit[], now: number): Promise<number | null>
  /** Counts one in each where all have room, else counts nowhere and answers the seconds to wait. One transaction. */
  take(limits: readonly Limit[], now: number): Promise<number | null>
  /** Success: forgets `clear` entirely and gives one back to each of `release`. */
  settle(outcome: { readonly clear: readonly string[]; readonly release: readonly string[] }): Promise<void>
}

/** Cross-site POSTs, kept until their own GET. */
export interface KeptRequests {
  /** false where the table is full (10,000 rows): answer 503 with Retry-After. */
  insert(request: KeptRequest, now: number): Promise<boolean>
  find(hash: Sha256, endpoint: KeptRequest['endpoint'], now: number): Promise<KeptRequest | null>
}

/** Logout tokens that clients are still to be sent (Back-Channel Logout §2.5). */
export interface LogoutDeliveries {
  /**
   * Takes up to `limit` due deliveries, each by exactly one caller, counts the attempt, and moves the next one
   * `leaseSeconds` on. One that is never done goes after a day.
   */
  take(limit: number, leaseSeconds: number, now: number): Promise<readonly LogoutDelivery[]>
  done(id: string): Promise<void>
  retryAt(id: string, at: number): Promise<void>
}

/** What the processes on one database tell each other of changes. */
export interface Outbox {
  /**
   * Entries written since `since` (seconds), oldest first. Verbs write entries themselves; they stay for a day
   * (OUTBOX_RETENTION_SECONDS), so a process that slept longer reads everything anew.
   */
  read(since: number): Promise<readonly OutboxEntry[]>
  /**
   * True where another process has written to the embedded database since this was last asked. It looks once per
   * snapshot of the reads, for a few microseconds. PostgreSQL tells nothing without a query: there it is false.
   */
  changedElsewhere(): boolean
}

/** What one transaction of a sweep did. */
export type Swept = {
  /** How many rows went; 0 where none is left. */
  readonly gone: number
  /** Milliseconds that its statements took: fewer rows take less. */
  readonly workMs: number
  /** The same, and on the embedded database moving the log into the file. The commit is not in it: others share that. */
  readonly heldMs: number
}

/** Removes expired rows of one kind in one transaction, `batch` at most. */
export type Sweep = (now: number, batch: number) => Promise<Swept>

/** What runs beside requests: sweeps, backup, readiness. */
export interface Maintenance {
  /** All that leaves by itself, kind by kind. */
  readonly sweeps: readonly Sweep[]
  /** What `heldMs` of one transaction shall be at most: the number of rows is found by that. */
  readonly sweepMs: number
  /** A consistent copy of a live embedded database; throws StorageError on PostgreSQL (says to use pg_dump). */
  backup(file: string): Promise<void>
  /** For readiness: a trivial query. */
  ping(): Promise<void>
}
