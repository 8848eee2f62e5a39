import { decodeStrings } from './json.ts'
import { announce } from './outbox.ts'
import type { Roles } from './ports.ts'
import type { Role, RoleHolder } from './records.ts'
import { count, type Runner, row, rows, statement, type Verb } from './statement.ts'

const insertRole = statement((db, v: { name: string; now: number }) =>
  db
    .insertInto('roles')
    .values({ name: v.name, created_at: v.now })
    .onConflict((conflict) => conflict.doNothing()),
)
const selectRole = statement((db, v: { name: string }) =>
  db.selectFrom('roles').select('name').where('name', '=', v.name),
)
const selectResource = statement((db, v: { uri: string }) =>
  db.selectFrom('resources').select('scopes').where('uri', '=', v.uri),
)
const selectUser = statement((db, v: { id: string }) =>
  db.selectFrom('users').select('id').where('id', '=', v.id),
)
const selectClient = statement((db, v: { id: string }) =>
  db.selectFrom('clients').select('id').where('id', '=', v.id),
)

type PermissionValues = { role: string; resource: string; permission: string }
const insertPermission = statement((db, v: PermissionValues) =>
  db
    .insertInto('role_permissions')
    .values({ role: v.role, resource: v.resource, permission: v.permission })
    .onConflict((conflict) => conflict.doNothing()),
)

type HolderValues = { role: string; kind: RoleHolder['kind']; holder: string }
const insertHolder = statement((db, v: HolderValues) =>
  db
    .insertInto('role_holders')
    .values({ kind: v.kind, holder: v.holder, role: v.role })
    .onConflict((conflict) => conflict.doNothing()),
)
const deleteHolder = statement((db, v: HolderValues) =>
  db
    .deleteFrom('role_holders')
    .where('kind', '=', v.kind)
    .where('holder', '=', v.holder)
    .where('role', '=', v.role),
)

const selectNames = statement((db) => db.selectFrom('roles').select('name').orderBy('name'))
const selectPermissions = statement((db) =>
  db
    .selectFrom('role_permissions')
    .select(['role', 'resource', 'permission'])
    .orderBy('resource')
    .orderBy('permission'),
)
const selectHolders = statement((db) =>
  db.selectFrom('role_holders').select(['role', 'kind', 'holder as id']).orderBy('kind').orderBy('holder'),
)
const selectOf = statement((db, v: { kind: RoleHolder['kind']; holder: string; resource: string }) =>
  db
    .selectFrom('role_holders as h')
    .leftJoin('role_permissions as p', (join) =>
      join.onRef('p.role', '=', 'h.role').on('p.resource', '=', v.resource),
    )
    .select(['h.role', 'p.permission'])
    .where('h.kind', '=', v.kind)
    .where('h.holder', '=', v.holder),
)

/** True where there is a role of this name. */
export function* roleExists(name: string): Verb<boolean> {
  return (yield* row(selectRole, { name })) !== null
}

/** Gives a role that exists to a holder who does; giving it again changes nothing. */
export function* giveRole(values: HolderValues, now: number): Verb<void> {
  yield* count(insertHolder, values)
  yield* announce('role', values.role, now)
}

function* insert(name: string, now: number): Verb<boolean> {
  if ((yield* count(insertRole, { name, now })) === 0) return false
  yield* announce('role', name, now)
  return true
}

function* allow(
  values: PermissionValues,
  now: number,
): Verb<'ok' | 'unknown-role' | 'unknown-resource' | 'unknown-permission'> {
  if (!(yield* roleExists(values.role))) return 'unknown-role'
  const resource = yield* row(selectResource, { uri: values.resource })
  if (resource === null) return 'unknown-resource'
  if (!decodeStrings(resource.scopes).includes(values.permission)) return 'unknown-permission'
  yield* count(insertPermission, values)
  yield* announce('role', values.role, now)
  return 'ok'
}

function* grant(values: HolderValues, now: number): Verb<'ok' | 'unknown-role' | 'unknown-holder'> {
  if (!(yield* roleExists(values.role))) return 'unknown-role'
  const select = values.kind === 'user' ? selectUser : selectClient
  if ((yield* row(select, { id: values.holder })) === null) return 'unknown-holder'
  yield* giveRole(values, now)
  return 'ok'
}

function* revoke(values: HolderValues, now: number): Verb<boolean> {
  if ((yield* count(deleteHolder, values)) === 0) return false
  yield* announce('role', values.role, now)
  return true
}

function* list(): Verb<readonly Role[]> {
  const names = yield* rows(selectNames, {})
  const permissions = Map.groupBy(yield* rows(selectPermissions, {}), (item) => item.role)
  const holders = Map.groupBy(yield* rows(selectHolders, {}), (item) => item.role)
  return names.map(({ name }) => ({
    name,
    permissions: (permissions.get(name) ?? []).map(({ resource, permission }) => ({ resource, permission })),
    holders: (holders.get(name) ?? []).map(({ kind, id }) => ({ kind, id })),
  }))
}

function* of(holder: RoleHolder, resource: string): Verb<Awaited<ReturnType<Roles['of']>>> {
  const found = yield* rows(selectOf, { kind: holder.kind, holder: holder.id, resource })
  const roles = new Set(found.map((item) => item.role))
  const permissions = new Set(found.flatMap((item) => item.permission ?? []))
  return { roles: [...roles].sort(), permissions: [...permissions].sort() }
}

/** `Roles` of the ports over one database. */
export function createRoles(run: Runner): Roles {
  return {
    insert: (name, now) => run.write(() => insert(name, now)),
    allow: (role, resource, permission, now) => run.write(() => allow({ role, resource, permission }, now)),
    grant: (role, holder, now) => run.write(() => grant({ role, kind: holder.kind, holder: holder.id }, now)),
    revoke: (role, holder, now) =>
      run.write(() => revoke({ role, kind: holder.kind, holder: holder.id }, now)),
    list: () => run.read(list),
    of: (holder, resource) => run.read(() => of(holder, resource)),
  }
}
