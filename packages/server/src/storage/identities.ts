import { emailKey } from './email-key.ts'
import { dropConsentsOf, dropIdentitiesOf, endEverythingOf } from './ending.ts'
import { encodeJson } from './json.ts'
import { liveSessions } from './live.ts'
import { announce } from './outbox.ts'
import type { Identities, KnownIdentity, ProvenUser, Reclaim } from './ports.ts'
import type { Identity, User } from './records.ts'
import { count, type Runner, row, rows, statement, type Verb } from './statement.ts'
import { insertUserRow, toUser, USER_COLUMNS } from './users.ts'

type IdentityColumns = {
  readonly identity_id: string
  readonly authority: string
  readonly subject: string
  readonly user_id: string
  readonly provider: string
  readonly label: string | null
  readonly linked_at: number
  readonly last_used_at: number
}

/** Every column of an identity, under names that a join with users leaves alone. */
const IDENTITY_COLUMNS = [
  'i.id as identity_id',
  'i.authority',
  'i.subject',
  'i.user_id',
  'i.provider',
  'i.label',
  'i.created_at as linked_at',
  'i.last_used_at',
] as const

const toIdentity = (columns: IdentityColumns): Identity => ({
  id: columns.identity_id,
  authority: columns.authority,
  subject: columns.subject,
  userId: columns.user_id,
  provider: columns.provider,
  label: columns.label,
  createdAt: columns.linked_at,
  lastUsedAt: columns.last_used_at,
})

const selectKnown = statement((db, v: { authority: string; subject: string }) =>
  db
    .selectFrom('identities as i')
    .innerJoin('users as u', 'u.id', 'i.user_id')
    .select(IDENTITY_COLUMNS)
    .select(USER_COLUMNS)
    .select('u.generation')
    .where('i.authority', '=', v.authority)
    .where('i.subject', '=', v.subject),
)
const selectOfUser = statement((db, v: { userId: string }) =>
  db.selectFrom('identities as i').select(IDENTITY_COLUMNS).where('i.user_id', '=', v.userId),
)
const selectOne = statement((db, v: { id: string; userId: string }) =>
  db.selectFrom('identities').select('id').where('id', '=', v.id).where('user_id', '=', v.userId),
)
const selectLiveSession = statement((db, v: { sid: string; userId: string; now: number }) =>
  liveSessions(db, v.now).select('s.sid').where('s.sid', '=', v.sid).where('s.user_id', '=', v.userId),
)

type IdentityValues = Omit<IdentityColumns, 'identity_id' | 'linked_at'> & {
  readonly id: string
  readonly created_at: number
}
const insertRow = statement((db, v: IdentityValues) =>
  db
    .insertInto('identities')
    .values({
      id: v.id,
      authority: v.authority,
      subject: v.subject,
      user_id: v.user_id,
      provider: v.provider,
      label: v.label,
      created_at: v.created_at,
      last_used_at: v.last_used_at,
    })
    .onConflict((conflict) => conflict.doNothing()),
)
const updateUsed = statement((db, v: { id: string; provider: string; label: string | null; now: number }) =>
  db
    .updateTable('identities')
    .set({ provider: v.provider, label: v.label, last_used_at: v.now })
    .where('id', '=', v.id),
)
const deleteRow = statement((db, v: { id: string }) => db.deleteFrom('identities').where('id', '=', v.id))

/** Changes nothing: takes the user's row, which whoever changes the user's identities has to have. */
const lockUser = statement((db, v: { id: string }) =>
  db
    .updateTable('users')
    .set((eb) => ({ updated_at: eb.ref('updated_at') }))
    .where('id', '=', v.id)
    .returning(['id', 'generation', 'email_key', 'email_verified', 'disabled_at']),
)
type ReclaimValues = { id: string; email: string; claims: string; now: number }
const updateReclaimed = statement((db, v: ReclaimValues) =>
  db
    .updateTable('users')
    .set((eb) => ({
      email: v.email,
      email_verified: 1,
      password_hash: null,
      claims: v.claims,
      generation: eb('generation', '+', eb.lit(1)),
      updated_at: v.now,
    }))
    .where('id', '=', v.id)
    .returning([
      'id',
      'email',
      'email_verified',
      'password_hash',
      'claims',
      'disabled_at',
      'created_at',
      'updated_at',
      'generation',
    ]),
)

const deleteBesidePassword = statement((db, v: { id: string; userId: string }) =>
  db
    .deleteFrom('identities')
    .where('id', '=', v.id)
    .where('user_id', '=', v.userId)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('users as u')
          .select('u.id')
          .where('u.id', '=', v.userId)
          .where('u.password_hash', 'is not', null),
      ),
    ),
)
const deleteBesideOther = statement((db, v: { id: string; userId: string; other: string }) =>
  db
    .deleteFrom('identities')
    .where('id', '=', v.id)
    .where('user_id', '=', v.userId)
    .where('id', '<>', v.other)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('identities as other')
          .select('other.id')
          .where('other.id', '=', v.other)
          .where('other.user_id', '=', v.userId),
      ),
    ),
)

/** Stores an identity; false where somebody has it. */
function* insert(identity: Identity): Verb<boolean> {
  const values = {
    id: identity.id,
    authority: identity.authority,
    subject: identity.subject,
    user_id: identity.userId,
    provider: identity.provider,
    label: identity.label,
    created_at: identity.createdAt,
    last_used_at: identity.lastUsedAt,
  }
  return (yield* count(insertRow, values)) > 0
}

function* find(authority: string, subject: string): Verb<KnownIdentity | null> {
  const found = yield* row(selectKnown, { authority, subject })
  if (found === null) return null
  return { identity: toIdentity(found), proven: { user: toUser(found), generation: found.generation } }
}

function* ofUser(userId: string): Verb<readonly Identity[]> {
  const found = (yield* rows(selectOfUser, { userId })).map(toIdentity)
  return found.sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1))
}

function* touch(id: string, seen: Pick<Identity, 'provider' | 'label'>, now: number): Verb<boolean> {
  return (yield* count(updateUsed, { id, provider: seen.provider, label: seen.label, now })) > 0
}

/** The identity first: where it is taken nothing was written, and a user that is taken leaves one row to take back. */
function* insertWithUser(identity: Identity, user: User): Verb<boolean> {
  if (!(yield* insert(identity))) return false
  if ((yield* insertUserRow(user)) !== null) return true
  yield* count(deleteRow, { id: identity.id })
  return false
}

function* insertForOwner(identity: Identity, { user, generation }: ProvenUser): Verb<boolean> {
  const now = yield* row(lockUser, { id: identity.userId })
  if (now === null || now.generation !== generation || now.disabled_at !== null) return false
  if (now.email_verified !== 1 || now.email_key !== emailKey(user.email)) return false
  return yield* insert(identity)
}

function* insertInSession(
  identity: Identity,
  sid: string,
): Verb<Awaited<ReturnType<Identities['insertInSession']>>> {
  const { userId, createdAt: now } = identity
  if ((yield* row(lockUser, { id: userId })) === null) return 'session_ended'
  // Only now: what ends a session of the user, such as a reclaim, has had the row before, or has it after.
  if ((yield* row(selectLiveSession, { sid, userId, now })) === null) return 'session_ended'
  return (yield* insert(identity)) ? 'linked' : 'taken'
}

function* reclaim(identity: Identity, { email, claims, generation }: Reclaim): Verb<ProvenUser | null> {
  const { userId, createdAt: now } = identity
  const before = yield* row(lockUser, { id: userId })
  if (before === null || before.generation !== generation || before.disabled_at !== null) return null
  if (before.email_verified !== 0 || before.email_key !== emailKey(email)) return null
  if (!(yield* insert(identity))) return null
  const after = yield* row(updateReclaimed, { id: userId, email, claims: encodeJson(claims), now })
  if (after === null) return null
  yield* dropIdentitiesOf(userId, identity.id)
  yield* dropConsentsOf(userId)
  yield* endEverythingOf(userId, now)
  yield* announce('user', userId, now)
  return { user: toUser(after), generation: after.generation }
}

function* remove(
  id: string,
  userId: string,
  others: readonly string[],
): Verb<Awaited<ReturnType<Identities['delete']>>> {
  yield* row(lockUser, { id: userId })
  if ((yield* row(selectOne, { id, userId })) === null) return 'unknown'
  if ((yield* count(deleteBesidePassword, { id, userId })) > 0) return 'deleted'
  for (const other of others) {
    if ((yield* count(deleteBesideOther, { id, userId, other })) > 0) return 'deleted'
  }
  return 'last'
}

/** `Identities` of the ports over one database. */
export function createIdentities(run: Runner): Identities {
  return {
    find: (authority, subject) => run.read(() => find(authority, subject)),
    ofUser: (userId) => run.read(() => ofUser(userId)),
    touch: (id, seen, now) => run.writeOne(() => touch(id, seen, now)),
    insertWithUser: (identity, user) => run.write(() => insertWithUser(identity, user)),
    insertForOwner: (identity, proven) => run.write(() => insertForOwner(identity, proven)),
    insertInSession: (identity, sid) => run.write(() => insertInSession(identity, sid)),
    reclaim: (identity, owner) => run.write(() => reclaim(identity, owner)),
    delete: (id, userId, others) => run.write(() => remove(id, userId, others)),
  }
}
