import type { TokenHash } from '@doorward/core/crypto'
import { encodeGrant } from './json.ts'
import type { RefreshTokenSeed } from './ports.ts'
import type { Family } from './records.ts'
import type { Database } from './schema.ts'
import { count, statement, type Verb } from './statement.ts'

type FamilyValues = Omit<Database['families'], 'revoked_at' | 'sweep_at'>
const insertFamilyRow = statement((db, v: FamilyValues) =>
  db.insertInto('families').values({
    id: v.id,
    client_id: v.client_id,
    user_id: v.user_id,
    sid: v.sid,
    offline: v.offline,
    details: v.details,
    generation: v.generation,
    created_at: v.created_at,
    expires_at: v.expires_at,
    revoked_at: null,
    sweep_at: v.expires_at,
  }),
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

/** Stores a family that began under `generation` of its user. */
export function* insertFamily(family: Family, generation: number): Verb<void> {
  yield* count(insertFamilyRow, {
    ...encodeGrant(family.grant),
    id: family.id,
    generation,
    created_at: family.createdAt,
    expires_at: family.expiresAt,
  })
}

/** Stores a refresh token of a family. */
export function* insertRefreshToken(familyId: string, seed: RefreshTokenSeed, now: number): Verb<void> {
  yield* count(insertToken, { hash: seed.hash, familyId, now, expiresAt: seed.expiresAt })
}
