import type { Sha256 } from '@doorward/core/crypto'
import { revokeFamily } from './ending.ts'
import { decodeGrant } from './json.ts'
import { insertFamily, insertRefreshToken } from './minting.ts'
import type { Families, NewSession, RefreshTokenSeed } from './ports.ts'
import type { Family } from './records.ts'
import { insertSession } from './sessions.ts'
import { type Runner, row, statement, type Verb } from './statement.ts'

type FamilyColumns = {
  readonly id: string
  readonly client_id: string
  readonly user_id: string
  readonly sid: string
  readonly offline: number
  readonly details: string
  readonly generation: number
  readonly created_at: number
  readonly expires_at: number
  readonly revoked_at: number | null
}

/** `user` is the user's own generation and the time it was last changed. */
export function toFamily(
  columns: FamilyColumns,
  user: { readonly generation: number; readonly updatedAt: number },
): Family {
  const endedWithAll = columns.generation === user.generation ? null : user.updatedAt
  return {
    id: columns.id,
    grant: decodeGrant(columns),
    createdAt: columns.created_at,
    expiresAt: columns.expires_at,
    revokedAt: columns.revoked_at ?? endedWithAll,
  }
}

const selectFamily = statement((db, v: { id: string }) =>
  db
    .selectFrom('families as f')
    .innerJoin('users as u', 'u.id', 'f.user_id')
    .innerJoin('clients as c', 'c.id', 'f.client_id')
    .select([
      'f.id',
      'f.client_id',
      'f.user_id',
      'f.sid',
      'f.offline',
      'f.details',
      'f.generation',
      'f.created_at',
      'f.expires_at',
      'f.revoked_at',
      'u.generation as user_generation',
      'u.updated_at as user_updated_at',
    ])
    .where('f.id', '=', v.id),
)

function* find(id: string): Verb<Family | null> {
  const found = yield* row(selectFamily, { id })
  if (found === null) return null
  return toFamily(found, { generation: found.user_generation, updatedAt: found.user_updated_at })
}

type Opened = {
  readonly session: NewSession
  readonly idHash: Sha256
  readonly family: Family
  readonly refreshToken: RefreshTokenSeed | null
}

function* insertWithSession({ session, idHash, family, refreshToken }: Opened): Verb<void> {
  const generation = yield* insertSession(session, idHash)
  yield* insertFamily(family, generation)
  if (refreshToken !== null) yield* insertRefreshToken(family.id, refreshToken, family.createdAt)
}

/** `Families` of the ports over one database. */
export function createFamilies(run: Runner): Families {
  return {
    insertWithSession: (session, idHash, family, refreshToken) =>
      run.write(() => insertWithSession({ session, idHash, family, refreshToken })),
    find: (id) => run.read(() => find(id)),
    revoke: (id, now) => run.write(() => revokeFamily(id, now)),
  }
}
