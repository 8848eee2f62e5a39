import { initial } from './0001-initial.ts'
import { familiesBySession } from './0002-families-by-session.ts'
import { identities } from './0003-identities.ts'
import type { Buildable, DatabaseKind } from './tables.ts'

export type { DatabaseKind }

/** Every migration by its name, which sorts in the order they run. */
export const MIGRATIONS: Readonly<Record<string, (db: Buildable, kind: DatabaseKind) => Promise<void>>> = {
  '0001_initial': initial,
  '0002_families_by_session': familiesBySession,
  '0003_identities': identities,
}
