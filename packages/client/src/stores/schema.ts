import type { Driver, Verb } from './driver.ts'
import { rows } from './driver.ts'
import { StoreError } from './store-error.ts'

/**
 * The tables, one text for both databases, as steps: a released step never changes, a change is a step more.
 * Everything else of a session or of tokens is in these rows; nothing is kept per request.
 */
const STEPS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE doorward_sessions (
      id_hash TEXT PRIMARY KEY,
      provider TEXT NOT NULL,
      subject TEXT NOT NULL,
      upstream_sid TEXT,
      user_id TEXT,
      user_json TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      seen_at BIGINT NOT NULL,
      idle_until BIGINT NOT NULL,
      expires_at BIGINT NOT NULL
    )`,
    'CREATE INDEX index_doorward_sessions_subject ON doorward_sessions (provider, subject)',
    'CREATE INDEX index_doorward_sessions_upstream_sid ON doorward_sessions (provider, upstream_sid)',
    'CREATE INDEX index_doorward_sessions_idle_until ON doorward_sessions (idle_until)',
    `CREATE TABLE doorward_vault (
      ref TEXT PRIMARY KEY,
      key_id TEXT NOT NULL,
      sealed_key TEXT NOT NULL,
      sealed TEXT NOT NULL,
      version BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      lease_holder TEXT,
      lease_until BIGINT
    )`,
    'CREATE INDEX index_doorward_vault_key_id ON doorward_vault (key_id)',
    'CREATE INDEX index_doorward_vault_expires_at ON doorward_vault (expires_at)',
    'CREATE TABLE doorward_replays (key_hash TEXT PRIMARY KEY, expires_at BIGINT NOT NULL)',
    'CREATE INDEX index_doorward_replays_expires_at ON doorward_replays (expires_at)',
  ],
]

const TAKEN = 'SELECT count(*) AS steps FROM doorward_migrations'

/**
 * Makes the tables, or brings them up to this program's. Any number of processes may do so at once. Throws
 * StoreError where a newer version has changed them.
 */
export async function migrate(driver: Driver): Promise<void> {
  // Looked at first, for an account that may use the tables need not have the right to make any.
  const taken = await driver.run(TAKEN, []).catch(() => [])
  if (Number(taken[0]?.steps) !== STEPS.length) await driver.transact(() => takeSteps(driver.beforeTables))
}

function* takeSteps(before: readonly string[]): Verb<void> {
  for (const sql of before) yield* rows(sql, [])
  yield* rows('CREATE TABLE IF NOT EXISTS doorward_migrations (step BIGINT PRIMARY KEY)', [])
  const [taken] = yield* rows(TAKEN, [])
  const done = Number(taken?.steps)
  if (done > STEPS.length)
    throw new StoreError(
      'The tables were changed by a newer version of @doorward/client. Install that version or a newer one.',
    )
  for (const [step, statements] of [...STEPS.entries()].slice(done)) {
    for (const sql of statements) yield* rows(sql, [])
    yield* rows('INSERT INTO doorward_migrations (step) VALUES (?)', [step + 1])
  }
}
