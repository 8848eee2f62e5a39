import { sha256 } from '@doorward/core/crypto'
import { rows, type Verb } from './driver.ts'

/** Where a row is over, its key may be used again. */
const INSERT_ONCE = `INSERT INTO doorward_replays (key_hash, expires_at) VALUES (?, ?)
  ON CONFLICT (key_hash) DO UPDATE SET expires_at = excluded.expires_at
    WHERE doorward_replays.expires_at <= ? RETURNING key_hash`

/** True for the first who brings `key`. Hashed, so that a row has one size however long the key that somebody sent. */
export function* insertOnce(key: string, expiresAt: number, now: number): Verb<boolean> {
  return (yield* rows(INSERT_ONCE, [sha256(key), expiresAt, now])).length > 0
}
