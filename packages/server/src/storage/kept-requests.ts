import type { Sha256 } from '@doorward/core/crypto'
import type { KeptRequests } from './ports.ts'
import type { KeptRequest } from './records.ts'
import { count, type Runner, row, statement, type Verb } from './statement.ts'

/** Anybody can make the server keep a request, so there is an end to it. */
const MOST_KEPT_REQUESTS = 10_000

const selectKept = statement((db, v: { now: number }) =>
  db
    .selectFrom('kept_requests')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('expires_at', '>', v.now),
)
const insertRequest = statement((db, v: KeptRequest) =>
  db
    .insertInto('kept_requests')
    .values({ hash: v.hash, endpoint: v.endpoint, form: v.form, expires_at: v.expiresAt }),
)
const selectRequest = statement((db, v: { hash: Sha256; endpoint: KeptRequest['endpoint']; now: number }) =>
  db
    .selectFrom('kept_requests')
    .select(['hash', 'endpoint', 'form', 'expires_at as expiresAt'])
    .where('hash', '=', v.hash)
    .where('endpoint', '=', v.endpoint)
    .where('expires_at', '>', v.now),
)

function* insert(request: KeptRequest, now: number): Verb<boolean> {
  const kept = yield* row(selectKept, { now })
  if (kept !== null && kept.total >= MOST_KEPT_REQUESTS) return false
  yield* count(insertRequest, request)
  return true
}

/** `KeptRequests` of the ports over one database. */
export function createKeptRequests(run: Runner): KeptRequests {
  return {
    insert: (request, now) => run.write(() => insert(request, now)),
    find: (hash, endpoint, now) => run.read(() => row(selectRequest, { hash, endpoint, now })),
  }
}
