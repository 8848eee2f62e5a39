import type { Buildable } from './tables.ts'

/**
 * The families of a session are found among those of its user: one index where two were. A redeemed code then writes one
 * leaf fewer that lies anywhere in the table.
 */
export async function familiesBySession(db: Buildable): Promise<void> {
  const { schema } = db
  await schema.createIndex('families_user_id_sid').on('families').columns(['user_id', 'sid']).execute()
  await schema.dropIndex('families_user_id').execute()
  await schema.dropIndex('families_sid').execute()
}
