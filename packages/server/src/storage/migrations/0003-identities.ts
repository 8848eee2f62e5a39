import { type Buildable, createTables, type DatabaseKind } from './tables.ts'

/** Who somebody is at another provider: one row for each account there, which signs in one user here. */
export async function identities(db: Buildable, kind: DatabaseKind): Promise<void> {
  await createTables(db, kind, [
    {
      name: 'identities',
      columns: {
        id: 'text',
        authority: 'text',
        subject: 'text',
        user_id: 'text',
        provider: 'text',
        label: 'text?',
        created_at: 'integer',
        last_used_at: 'integer',
      },
      key: ['id'],
      indexes: [['user_id']],
    },
  ])
  const once = db.schema.createIndex('identities_authority_subject').on('identities').unique()
  await once.columns(['authority', 'subject']).execute()
}
