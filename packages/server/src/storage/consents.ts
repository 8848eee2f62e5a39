import type { ConsentItem, Consents } from './ports.ts'
import { count, type Runner, rows, statement, type Verb } from './statement.ts'

const selectItems = statement((db, v: { userId: string; clientId: string }) =>
  db
    .selectFrom('consents')
    .innerJoin('clients', 'clients.id', 'consents.client_id')
    .select(['resource', 'scope'])
    .where('user_id', '=', v.userId)
    .where('client_id', '=', v.clientId)
    .orderBy('resource')
    .orderBy('scope'),
)

type ItemValues = { userId: string; clientId: string; resource: string; scope: string; now: number }
const insertItem = statement((db, v: ItemValues) =>
  db
    .insertInto('consents')
    .values({
      user_id: v.userId,
      client_id: v.clientId,
      resource: v.resource,
      scope: v.scope,
      granted_at: v.now,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

type Remembered = {
  readonly userId: string
  readonly clientId: string
  readonly items: readonly ConsentItem[]
  readonly now: number
}

function* remember({ userId, clientId, items, now }: Remembered): Verb<void> {
  for (const { resource, scope } of items) {
    yield* count(insertItem, { userId, clientId, resource, scope, now })
  }
}

/** `Consents` of the ports over one database. */
export function createConsents(run: Runner): Consents {
  return {
    find: (userId, clientId) => run.read(() => rows(selectItems, { userId, clientId })),
    remember: (userId, clientId, items, now) => run.write(() => remember({ userId, clientId, items, now })),
  }
}
