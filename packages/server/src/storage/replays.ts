import { type Sha256, sha256 } from '@doorward/core/crypto'
import type { Replays } from './ports.ts'
import { count, type Runner, statement, type Verb } from './statement.ts'

const insertKey = statement((db, v: { keyHash: Sha256; expiresAt: number }) =>
  db
    .insertInto('replays')
    .values({ key_hash: v.keyHash, expires_at: v.expiresAt })
    .onConflict((conflict) => conflict.doNothing()),
)

/** Hashed, so that a row has one size however long the jti that somebody sent. */
function* insertOnce(issuer: string, jti: string, expiresAt: number): Verb<boolean> {
  const keyHash = sha256(JSON.stringify([issuer, jti]))
  return (yield* count(insertKey, { keyHash, expiresAt })) > 0
}

/** `Replays` of the ports over one database. */
export function createReplays(run: Runner): Replays {
  return {
    insertOnce: (issuer, jti, expiresAt) => run.writeOne(() => insertOnce(issuer, jti, expiresAt)),
  }
}
