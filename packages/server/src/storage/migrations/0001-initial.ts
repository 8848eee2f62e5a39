import { type Buildable, createTables, type DatabaseKind, type Table } from './tables.ts'

/** Everything the server began with. Released migrations never change: a later one changes what they made. */
export const initial = (db: Buildable, kind: DatabaseKind): Promise<void> =>
  createTables(db, kind, [...PEOPLE, ...GRANTS, ...KEYS, ...PASSING])

const PEOPLE: readonly Table[] = [
  { name: 'meta', columns: { name: 'text', value: 'text' }, key: ['name'] },
  { name: 'locks', columns: { name: 'text', turns: 'integer' }, key: ['name'] },
  {
    name: 'users',
    columns: {
      id: 'text',
      email: 'text',
      email_key: 'text',
      email_verified: 'integer',
      password_hash: 'text?',
      claims: 'text',
      generation: 'integer',
      disabled_at: 'integer?',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['id'],
    unique: ['email_key'],
  },
  {
    name: 'clients',
    columns: {
      id: 'text',
      secret_hash: 'text?',
      metadata: 'text',
      has_backchannel_logout: 'integer',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['id'],
  },
  { name: 'client_removals', columns: { client_id: 'text', removed_at: 'integer' }, key: ['client_id'] },
  {
    name: 'resources',
    columns: {
      uri: 'text',
      name: 'text?',
      scopes: 'text',
      claims: 'text',
      access_token_lifetime: 'integer?',
      signing_alg: 'text?',
      created_at: 'integer',
    },
    key: ['uri'],
  },
  { name: 'roles', columns: { name: 'text', created_at: 'integer' }, key: ['name'] },
  {
    name: 'role_permissions',
    columns: { role: 'text', resource: 'text', permission: 'text' },
    key: ['role', 'resource', 'permission'],
    parents: { role: 'roles.name', resource: 'resources.uri' },
    indexes: [['resource']],
  },
  {
    name: 'role_holders',
    columns: { kind: 'text', holder: 'text', role: 'text' },
    key: ['kind', 'holder', 'role'],
    parents: { role: 'roles.name' },
    indexes: [['role']],
  },
]

/** No foreign keys: each look-up joins its parents, and rows leave in the sweep's bounded batches. */
const GRANTS: readonly Table[] = [
  {
    name: 'sessions',
    columns: {
      sid: 'text',
      id_hash: 'text',
      user_id: 'text',
      generation: 'integer',
      auth_time: 'integer',
      acr: 'text',
      amr: 'text',
      created_at: 'integer',
      last_seen_at: 'integer',
      idle_expires_at: 'integer',
      expires_at: 'integer',
    },
    key: ['sid'],
    unique: ['id_hash'],
    indexes: [['user_id'], ['idle_expires_at']],
  },
  {
    name: 'consents',
    columns: { user_id: 'text', client_id: 'text', resource: 'text', scope: 'text', granted_at: 'integer' },
    key: ['user_id', 'client_id', 'resource', 'scope'],
    indexes: [['client_id', 'user_id']],
  },
  {
    name: 'codes',
    columns: {
      hash: 'text',
      client_id: 'text',
      user_id: 'text',
      sid: 'text',
      offline: 'integer',
      details: 'text',
      redirect_uri: 'text?',
      code_challenge: 'text?',
      nonce: 'text?',
      created_at: 'integer',
      expires_at: 'integer',
      consumed_at: 'integer?',
      family_id: 'text?',
    },
    key: ['hash'],
    indexes: [['expires_at']],
  },
  {
    name: 'families',
    columns: {
      id: 'text',
      client_id: 'text',
      user_id: 'text',
      sid: 'text',
      offline: 'integer',
      details: 'text',
      generation: 'integer',
      created_at: 'integer',
      expires_at: 'integer',
      revoked_at: 'integer?',
      sweep_at: 'integer',
    },
    key: ['id'],
    indexes: [['client_id', 'sweep_at'], ['user_id'], ['sid'], ['sweep_at']],
  },
  {
    name: 'refresh_tokens',
    columns: {
      hash: 'text',
      family_id: 'text',
      created_at: 'integer',
      expires_at: 'integer',
      rotated_at: 'integer?',
      successor_sealed: 'text?',
      successor_scopes: 'text?',
    },
    key: ['hash'],
    // None by family: each rotation would dirty one more page, a quarter of its cost. Tokens leave by their expiry.
    indexes: [['expires_at']],
  },
  {
    name: 'revoked_access_tokens',
    columns: { jti: 'text', expires_at: 'integer' },
    key: ['jti'],
    indexes: [['expires_at']],
    clustered: true,
  },
]

const KEYS: readonly Table[] = [
  {
    name: 'signing_keys',
    columns: {
      kid: 'text',
      alg: 'text',
      public_jwk: 'text',
      sealed_private_jwk: 'text?',
      created_at: 'integer',
      signs_from: 'integer',
      retired_at: 'integer?',
      gone_at: 'integer?',
    },
    key: ['kid'],
    indexes: [['alg'], ['gone_at']],
  },
]

/** What is only there for a while. */
const PASSING: readonly Table[] = [
  {
    name: 'replays',
    columns: { key_hash: 'text', expires_at: 'integer' },
    key: ['key_hash'],
    indexes: [['expires_at']],
    clustered: true,
  },
  {
    name: 'limits',
    columns: { key_hash: 'text', taken: 'integer', resets_at: 'integer' },
    key: ['key_hash'],
    indexes: [['resets_at']],
    clustered: true,
  },
  {
    name: 'kept_requests',
    columns: { hash: 'text', endpoint: 'text', form: 'text', expires_at: 'integer' },
    key: ['hash'],
    indexes: [['expires_at']],
  },
  {
    name: 'logout_deliveries',
    columns: {
      id: 'text',
      client_id: 'text',
      user_id: 'text',
      sid: 'text',
      attempts: 'integer',
      next_attempt_at: 'integer',
      expires_at: 'integer',
    },
    key: ['id'],
    indexes: [['next_attempt_at'], ['expires_at']],
  },
  {
    name: 'outbox',
    columns: { id: 'serial', kind: 'text', subject: 'text', created_at: 'integer' },
    key: [],
    indexes: [['created_at']],
  },
]
