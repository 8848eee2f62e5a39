import { type Buildable, createTables, type DatabaseKind } from './tables.ts'

/**
 * The tokens that providers gave for people's identities there, sealed. They go with their identity, whoever deletes it;
 * and one that comes late, for an identity that is gone, is refused by the database itself.
 */
export const connections = (db: Buildable, kind: DatabaseKind): Promise<void> =>
  createTables(db, kind, [
    {
      name: 'connections',
      columns: {
        identity_id: 'text',
        key_id: 'text',
        sealed_key: 'text',
        sealed: 'text',
        version: 'integer',
        expires_at: 'integer',
        lease_holder: 'text?',
        lease_until: 'integer?',
      },
      key: ['identity_id'],
      parents: { identity_id: 'identities.id' },
      indexes: [['key_id', 'identity_id'], ['expires_at']],
    },
  ])
