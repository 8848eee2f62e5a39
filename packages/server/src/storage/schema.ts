import type { Sha256, TokenHash } from '@doorward/core/crypto'
import type { Generated } from 'kysely'
import type { KeptRequest, OutboxEntry, RoleHolder, SigningAlg } from './records.ts'

/**
 * The tables as Kysely sees them, the same in SQLite and PostgreSQL: text, integers, and JSON kept as text.
 * Times are integer seconds, truth is 0 or 1. The migrations make them; nothing else changes them.
 */
export type Database = {
  meta: { name: string; value: string }
  /** One row per thing that only one transaction at a time may decide on. */
  locks: { name: string; turns: number }
  users: UsersTable
  identities: IdentitiesTable
  clients: ClientsTable
  /** Deleted clients whose consents and families the sweep still has to take away. */
  client_removals: { client_id: string; removed_at: number }
  resources: ResourcesTable
  roles: { name: string; created_at: number }
  role_permissions: { role: string; resource: string; permission: string }
  role_holders: { kind: RoleHolder['kind']; holder: string; role: string }
  sessions: SessionsTable
  consents: { user_id: string; client_id: string; resource: string; scope: string; granted_at: number }
  connections: ConnectionsTable
  codes: CodesTable
  families: FamiliesTable
  refresh_tokens: RefreshTokensTable
  revoked_access_tokens: { jti: string; expires_at: number }
  signing_keys: SigningKeysTable
  replays: { key_hash: Sha256; expires_at: number }
  limits: { key_hash: Sha256; taken: number; resets_at: number }
  kept_requests: { hash: Sha256; endpoint: KeptRequest['endpoint']; form: string; expires_at: number }
  logout_deliveries: LogoutDeliveriesTable
  outbox: { id: Generated<number>; kind: OutboxEntry['kind']; subject: string; created_at: number }
}

type UsersTable = {
  id: string
  email: string
  email_key: string
  email_verified: number
  password_hash: string | null
  claims: string
  /**
   * Grows when everything the user has is ended at once (new password, disabled). Sessions and families keep
   * the number they began under and are dead once it differs, so that one stored by a transaction running
   * beside the change, which no UPDATE of the change can see, is dead all the same.
   */
  generation: number
  disabled_at: number | null
  created_at: number
  updated_at: number
}

/** Whoever changes the identities of a user has the user's row first, so that two changes never cross. */
type IdentitiesTable = {
  id: string
  authority: string
  subject: string
  user_id: string
  provider: string
  label: string | null
  created_at: number
  last_used_at: number
}

type ClientsTable = {
  id: string
  secret_hash: Sha256 | null
  /** RFC 7591 names. */
  metadata: string
  has_backchannel_logout: number
  created_at: number
  updated_at: number
}

type ResourcesTable = {
  uri: string
  name: string | null
  scopes: string
  claims: string
  access_token_lifetime: number | null
  signing_alg: SigningAlg | null
  created_at: number
}

/** A session that ended has no row. */
type SessionsTable = {
  sid: string
  id_hash: Sha256
  user_id: string
  generation: number
  auth_time: number
  acr: string
  amr: string
  created_at: number
  last_seen_at: number
  /** Never past expires_at, so that it alone decides whether the session lives. */
  idle_expires_at: number
  expires_at: number
}

/** The part of a grant that SQL looks at, and the rest of it as JSON. */
export type GrantColumns = {
  client_id: string
  user_id: string
  sid: string
  offline: number
  details: string
}

type CodesTable = GrantColumns & {
  hash: TokenHash
  redirect_uri: string | null
  code_challenge: string | null
  nonce: string | null
  created_at: number
  expires_at: number
  consumed_at: number | null
  family_id: string | null
}

type FamiliesTable = GrantColumns & {
  id: string
  generation: number
  created_at: number
  expires_at: number
  revoked_at: number | null
  /** When the row is of no more use. */
  sweep_at: number
}

/** A provider's tokens, sealed: see VaultRow of the client. */
type ConnectionsTable = {
  identity_id: string
  key_id: string
  sealed_key: string
  sealed: string
  /** Grows with each refresh and each sign-in. */
  version: number
  expires_at: number
  /** Who may refresh the tokens now, and until when. */
  lease_holder: string | null
  lease_until: number | null
}

type RefreshTokensTable = {
  hash: TokenHash
  family_id: string
  created_at: number
  expires_at: number
  rotated_at: number | null
  successor_sealed: string | null
  successor_scopes: string | null
}

type SigningKeysTable = {
  kid: string
  alg: SigningAlg
  public_jwk: string
  sealed_private_jwk: string | null
  created_at: number
  signs_from: number
  retired_at: number | null
  gone_at: number | null
}

type LogoutDeliveriesTable = {
  id: string
  client_id: string
  user_id: string
  sid: string
  attempts: number
  next_attempt_at: number
  expires_at: number
}
