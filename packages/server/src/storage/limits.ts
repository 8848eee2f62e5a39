import { type Sha256, sha256 } from '@doorward/core/crypto'
import type { Limit, Limits } from './ports.ts'
import { count, type Runner, row, statement, type Verb } from './statement.ts'

/**
 * Fixed windows: the first one counted opens a key's window, and all is forgotten when it ends. Keys hold what
 * people typed, so only their hashes are stored.
 */

type HashedLimit = { readonly keyHash: Sha256; readonly max: number; readonly windowSeconds: number }

/** In the order of their hashes, so that two transactions never wait for each other in a ring. */
const hashed = (limits: readonly Limit[]): HashedLimit[] =>
  limits
    .map(({ key, max, windowSeconds }) => ({ keyHash: sha256(key), max, windowSeconds }))
    .sort((one, other) => (one.keyHash < other.keyHash ? -1 : 1))

const selectWindow = statement((db, v: { keyHash: Sha256; now: number }) =>
  db
    .selectFrom('limits')
    .select(['taken', 'resets_at'])
    .where('key_hash', '=', v.keyHash)
    .where('resets_at', '>', v.now),
)

type TakeValues = { keyHash: Sha256; max: number; now: number; resetsAt: number }
/** One guarded statement: where the window is full nothing changes and no row comes back. */
const takeOne = statement((db, v: TakeValues) =>
  db
    .insertInto('limits')
    .values({ key_hash: v.keyHash, taken: 1, resets_at: v.resetsAt })
    .onConflict((conflict) =>
      conflict
        .column('key_hash')
        .doUpdateSet((eb) => ({
          taken: eb
            .case()
            .when('limits.resets_at', '<=', v.now)
            .then(eb.lit(1))
            .else(eb('limits.taken', '+', eb.lit(1)))
            .end(),
          resets_at: eb
            .case()
            .when('limits.resets_at', '<=', v.now)
            .then(v.resetsAt)
            .else(eb.ref('limits.resets_at'))
            .end(),
        }))
        .where((eb) => eb.or([eb('limits.resets_at', '<=', v.now), eb('limits.taken', '<', v.max)])),
    ),
)
const releaseOne = statement((db, v: { keyHash: Sha256 }) =>
  db
    .updateTable('limits')
    .set((eb) => ({ taken: eb('taken', '-', eb.lit(1)) }))
    .where('key_hash', '=', v.keyHash)
    .where('taken', '>', 0),
)
const clearOne = statement((db, v: { keyHash: Sha256 }) =>
  db.deleteFrom('limits').where('key_hash', '=', v.keyHash),
)

function* waitFor(limits: readonly HashedLimit[], now: number): Verb<number | null> {
  let longest: number | null = null
  for (const { keyHash, max } of limits) {
    const window = yield* row(selectWindow, { keyHash, now })
    if (window !== null && window.taken >= max) longest = Math.max(longest ?? 0, window.resets_at - now)
  }
  return longest
}

function* take(limits: readonly HashedLimit[], now: number): Verb<number | null> {
  const taken: Sha256[] = []
  for (const { keyHash, max, windowSeconds } of limits) {
    const room = yield* count(takeOne, { keyHash, max, now, resetsAt: now + windowSeconds })
    if (room === 0) {
      for (const earlier of taken) yield* count(releaseOne, { keyHash: earlier })
      return (yield* waitFor(limits, now)) ?? 1
    }
    taken.push(keyHash)
  }
  return null
}

function* settle(clear: readonly string[], release: readonly string[]): Verb<void> {
  const changes = [
    ...clear.map((key) => ({ keyHash: sha256(key), change: clearOne })),
    ...release.map((key) => ({ keyHash: sha256(key), change: releaseOne })),
  ]
  // The same order as in `take`: sign-ins of one person at the same moment would wait in a ring otherwise.
  changes.sort((one, other) => (one.keyHash < other.keyHash ? -1 : 1))
  for (const { keyHash, change } of changes) yield* count(change, { keyHash })
}

/** `Limits` of the ports over one database. */
export function createLimits(run: Runner): Limits {
  return {
    wait: (limits, now) => run.read(() => waitFor(hashed(limits), now)),
    take: (limits, now) => run.write(() => take(hashed(limits), now)),
    settle: ({ clear, release }) => run.write(() => settle(clear, release)),
  }
}
