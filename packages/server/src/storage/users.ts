import { emailKey } from './email-key.ts'
import { dropConsentsOf, dropIdentitiesOf, endEverythingOf } from './ending.ts'
import { decodeProfile, encodeJson } from './json.ts'
import { announce } from './outbox.ts'
import type { Page, ProvenUser, Users } from './ports.ts'
import type { User } from './records.ts'
import { giveRole, roleExists } from './roles.ts'
import { count, type Runner, row, rows, statement, type Verb } from './statement.ts'

/** The columns of a user, as `USER_COLUMNS` selects them. */
export type UserColumns = {
  readonly id: string
  readonly email: string
  readonly email_verified: number
  readonly password_hash: string | null
  readonly claims: string
  readonly disabled_at: number | null
  readonly created_at: number
  readonly updated_at: number
}

/** Every column of a user that a record has. */
export const USER_COLUMNS = [
  'u.id',
  'u.email',
  'u.email_verified',
  'u.password_hash',
  'u.claims',
  'u.disabled_at',
  'u.created_at',
  'u.updated_at',
] as const

/** A user from its columns. */
export function toUser(columns: UserColumns): User {
  return {
    id: columns.id,
    email: columns.email,
    emailVerified: columns.email_verified === 1,
    passwordHash: columns.password_hash,
    claims: decodeProfile(columns.claims),
    disabledAt: columns.disabled_at,
    createdAt: columns.created_at,
    updatedAt: columns.updated_at,
  }
}

const insertUser = statement((db, v: UserColumns & { email_key: string }) =>
  db
    .insertInto('users')
    .values({
      id: v.id,
      email: v.email,
      email_key: v.email_key,
      email_verified: v.email_verified,
      password_hash: v.password_hash,
      claims: v.claims,
      generation: 0,
      disabled_at: v.disabled_at,
      created_at: v.created_at,
      updated_at: v.updated_at,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

const selectById = statement((db, v: { id: string }) =>
  db.selectFrom('users as u').select(USER_COLUMNS).where('u.id', '=', v.id),
)
const selectByEmailKey = statement((db, v: { key: string }) =>
  db.selectFrom('users as u').select(USER_COLUMNS).where('u.email_key', '=', v.key),
)
const selectForSignIn = statement((db, v: { key: string }) =>
  db.selectFrom('users as u').select(USER_COLUMNS).select('u.generation').where('u.email_key', '=', v.key),
)
const selectPage = statement((db, v: { after: string; limit: number }) =>
  db.selectFrom('users as u').select(USER_COLUMNS).where('u.id', '>', v.after).orderBy('u.id').limit(v.limit),
)

const updateHash = statement((db, v: { id: string; expected: string; hash: string; now: number }) =>
  db
    .updateTable('users')
    .set({ password_hash: v.hash, updated_at: v.now })
    .where('id', '=', v.id)
    .where('password_hash', '=', v.expected),
)
const updatePassword = statement((db, v: { id: string; hash: string; now: number }) =>
  db
    .updateTable('users')
    .set((eb) => ({
      password_hash: v.hash,
      generation: eb('generation', '+', eb.lit(1)),
      updated_at: v.now,
    }))
    .where('id', '=', v.id),
)
const updateDisabled = statement((db, v: { id: string; now: number }) =>
  db
    .updateTable('users')
    .set((eb) => ({
      disabled_at: v.now,
      generation: eb('generation', '+', eb.lit(1)),
      updated_at: v.now,
    }))
    .where('id', '=', v.id)
    .where('disabled_at', 'is', null),
)
const updateEnabled = statement((db, v: { id: string; now: number }) =>
  db
    .updateTable('users')
    .set({ disabled_at: null, updated_at: v.now })
    .where('id', '=', v.id)
    .where('disabled_at', 'is not', null),
)

const deleteUser = statement((db, v: { id: string }) => db.deleteFrom('users').where('id', '=', v.id))
const deleteRoles = statement((db, v: { id: string }) =>
  db.deleteFrom('role_holders').where('kind', '=', 'user').where('holder', '=', v.id),
)

/** Stores a user; null where the e-mail is taken. */
export function* insertUserRow(user: User): Verb<User | null> {
  const inserted = yield* count(insertUser, {
    id: user.id,
    email: user.email,
    email_key: emailKey(user.email),
    email_verified: user.emailVerified ? 1 : 0,
    password_hash: user.passwordHash,
    claims: encodeJson(user.claims),
    disabled_at: user.disabledAt,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  })
  return inserted === 0 ? null : user
}

function* insertWithRoles(user: User, roles: readonly string[]): Verb<User | null | 'unknown-role'> {
  for (const role of roles) if (!(yield* roleExists(role))) return 'unknown-role'
  const inserted = yield* insertUserRow(user)
  if (inserted === null) return null
  for (const role of new Set(roles)) yield* giveRole({ role, kind: 'user', holder: user.id }, user.createdAt)
  return inserted
}

function* findById(id: string): Verb<User | null> {
  const found = yield* row(selectById, { id })
  return found === null ? null : toUser(found)
}

function* findByEmailKey(key: string): Verb<User | null> {
  const found = yield* row(selectByEmailKey, { key })
  return found === null ? null : toUser(found)
}

function* findForSignIn(key: string): Verb<ProvenUser | null> {
  const found = yield* row(selectForSignIn, { key })
  return found === null ? null : { user: toUser(found), generation: found.generation }
}

function* list(page: Page): Verb<readonly User[]> {
  return (yield* rows(selectPage, { after: page.after ?? '', limit: page.limit })).map(toUser)
}

function* rehash(id: string, change: { expected: string; hash: string; now: number }): Verb<boolean> {
  return (yield* count(updateHash, { id, ...change })) > 0
}

function* setPassword(id: string, hash: string, now: number): Verb<boolean> {
  if ((yield* count(updatePassword, { id, hash, now })) === 0) return false
  yield* endEverythingOf(id, now)
  yield* announce('user', id, now)
  return true
}

function* disable(id: string, now: number): Verb<boolean> {
  if ((yield* count(updateDisabled, { id, now })) === 0) return false
  yield* endEverythingOf(id, now)
  yield* announce('user', id, now)
  return true
}

function* enable(id: string, now: number): Verb<boolean> {
  if ((yield* count(updateEnabled, { id, now })) === 0) return false
  yield* announce('user', id, now)
  return true
}

/** Rows of codes and families go with the sweep; without the user nobody finds them any more. */
function* remove(id: string, now: number): Verb<boolean> {
  if ((yield* count(deleteUser, { id })) === 0) return false
  yield* endEverythingOf(id, now)
  yield* dropIdentitiesOf(id, null)
  yield* dropConsentsOf(id)
  yield* count(deleteRoles, { id })
  yield* announce('user', id, now)
  return true
}

/** `Users` of the ports over one database. */
export function createUsers(run: Runner): Users {
  return {
    insert: (user, roles = []) =>
      roles.length === 0
        ? run.writeOne(() => insertUserRow(user))
        : run.write(() => insertWithRoles(user, roles)),
    findById: (id) => run.read(() => findById(id)),
    findByEmailKey: (key) => run.read(() => findByEmailKey(key)),
    findForSignIn: (key) => run.read(() => findForSignIn(key)),
    list: (page) => run.read(() => list(page)),
    rehash: (id, expected, hash, now) => run.writeOne(() => rehash(id, { expected, hash, now })),
    setPassword: (id, hash, now) => run.write(() => setPassword(id, hash, now)),
    disable: (id, now) => run.write(() => disable(id, now)),
    enable: (id, now) => run.write(() => enable(id, now)),
    delete: (id, now) => run.write(() => remove(id, now)),
  }
}
