import type { SessionRecord, VaultRow } from '../ports.ts'
import type { Bindable, Row } from './driver.ts'

/** The columns of a session, in the order of `sessionValues`. */
export const SESSION_COLUMNS =
  'id_hash, provider, subject, upstream_sid, user_id, user_json, created_at, seen_at, idle_until, expires_at'

/** The columns of sealed tokens, in the order of `vaultValues`; whose lease it is stays out. */
export const VAULT_COLUMNS = 'ref, key_id, sealed_key, sealed, version, expires_at'

export const sessionValues = (session: SessionRecord): readonly Bindable[] => [
  session.idHash,
  session.provider,
  session.subject,
  session.upstreamSid,
  session.userId,
  session.user,
  session.createdAt,
  session.seenAt,
  // So that the one index on idle_until finds all that is over.
  Math.min(session.idleUntil, session.expiresAt),
  session.expiresAt,
]

export const vaultValues = (row: VaultRow): readonly Bindable[] => [
  row.ref,
  row.keyId,
  row.sealedKey,
  row.sealed,
  row.version,
  row.expiresAt,
]

/** 64-bit numbers come as text from PostgreSQL. */
export const parseSession = (row: Row): SessionRecord => ({
  idHash: String(row.id_hash),
  provider: String(row.provider),
  subject: String(row.subject),
  upstreamSid: orNull(row.upstream_sid),
  userId: orNull(row.user_id),
  user: String(row.user_json),
  createdAt: Number(row.created_at),
  seenAt: Number(row.seen_at),
  idleUntil: Number(row.idle_until),
  expiresAt: Number(row.expires_at),
})

export const parseVaultRow = (row: Row): VaultRow => ({
  ref: String(row.ref),
  keyId: String(row.key_id),
  sealedKey: String(row.sealed_key),
  sealed: String(row.sealed),
  version: Number(row.version),
  expiresAt: Number(row.expires_at),
})

const orNull = (value: unknown): string | null => (value === null ? null : String(value))
