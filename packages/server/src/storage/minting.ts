import type { TokenHash } from '@doorward/core/crypto'
import { encodeGrant } from './json.ts'
import { NO_GENERATION } from './live.ts'
import type { RefreshTokenSeed } from './ports.ts'
import type { Family } from './records.ts'
import type { Database } from './schema.ts'
import { count, statement, type Verb } from './statement.ts'

type FamilyValues = Omit<Database['families'], 'generation' | 'revoked_at' | 'sweep_at'>
/** A family is of the generation of its session, which never changes; without one it is stored dead. */
const insertFamilyRow = statement((db, v: FamilyValues) =>
  db.insertInto('families').values((eb) => ({
    id: v.id,
    client_id: v.client_id,
    user_id: v.user_id,
    sid: v.sid,
    offline: v.offline,
    details: v.details,
    generation: eb.fn.coalesce(
      eb.selectFrom('sessions as s').select('s.generation').where('s.sid', '=', v.sid),
      eb.val(NO_GENERATION),
    ),
    created_at: v.created_at,
    expires_at: v.expires_at,
    revoked_at: null,
    sweep_at: v.expires_at,
  })),
)
const insertToken = statement(
  (db, v: { hash: TokenHash; familyId: string; now: number; expiresAt: number }) =>
    db.insertInto('refresh_tokens').values({
      hash: v.hash,
      family_id: v.familyId,
      created_at: v.now,
      expires_at: v.expiresAt,
      rotated_at: null,
      successor_sealed: null,
      successor_scopes: null,
    }),
)

/** Stores a family. Its session is stored already. */
export function* insertFamily(family: Family): Verb<void> {
  yield* count(insertFamilyRow, {
    ...encodeGrant(family.grant),
    id: family.id,
    created_at: family.createdAt,
    expires_at: family.expiresAt,
  })
}

/** Stores a refresh token of a family. */
export function* insertRefreshToken(familyId: string, seed: RefreshTokenSeed, now: number): Verb<void> {
  yield* count(insertToken, { hash: seed.hash, familyId, now, expiresAt: seed.expiresAt })
}
