import { isScopeToken } from '@doorward/core'
import type { Deps } from '../deps.ts'
import { emailKey } from '../identity/email.ts'
import { InputError } from '../identity/input-error.ts'
import type { Role, RoleHolder } from '../storage/records.ts'

/** Who has a role: a person by e-mail or id, or a client by id. */
export type HolderName = { readonly user: string } | { readonly client: string }

/** Roles and what they allow. Verbs throw InputError where a part is unknown. */
export type RoleManagement = {
  create(name: string): Promise<void>
  /** A permission is a scope that the resource knows. Repeating is fine. */
  allow(name: string, permission: { readonly resource: string; readonly permission: string }): Promise<void>
  grant(name: string, holder: HolderName): Promise<void>
  revoke(name: string, holder: HolderName): Promise<void>
  list(): Promise<readonly Role[]>
}

const REFUSALS = {
  'unknown-role': ['role', 'There is no role by this name. Make it first: doorward roles create NAME'],
  'unknown-resource': ['resource', 'There is no resource by this URI.'],
  'unknown-permission': [
    'permission',
    'The resource does not know this permission: it must be one of its scopes.',
  ],
  'unknown-holder': ['holder', 'There is no such account or client.'],
} as const

/** Makes the verbs for roles. */
export function createRoleManagement(deps: Pick<Deps, 'storage' | 'audit' | 'clock'>): RoleManagement {
  const { storage, audit, clock } = deps
  const changed = (role: string, outcome: keyof typeof REFUSALS | 'ok', holder?: RoleHolder) => {
    if (outcome !== 'ok') {
      const [field, message] = REFUSALS[outcome]
      throw new InputError('unknown', field, message)
    }
    const who =
      holder === undefined ? {} : holder.kind === 'user' ? { userId: holder.id } : { clientId: holder.id }
    audit.record({ event: 'role.changed', role, ...who })
  }
  return {
    async create(name) {
      checkRoleName(name)
      if (!(await storage.roles.insert(name, clock())))
        throw new InputError('taken', 'name', 'A role by this name exists already.')
      changed(name, 'ok')
    },
    async allow(name, { resource, permission }) {
      changed(name, await storage.roles.allow(name, resource, permission, clock()))
    },
    async grant(name, holderName) {
      const holder = await findHolder(deps, holderName)
      changed(name, await storage.roles.grant(name, holder, clock()), holder)
    },
    async revoke(name, holderName) {
      const holder = await findHolder(deps, holderName)
      if (!(await storage.roles.revoke(name, holder, clock()))) {
        throw new InputError('unknown', 'holder', 'It does not have this role.')
      }
      changed(name, 'ok', holder)
    },
    list: () => storage.roles.list(),
  }
}

function checkRoleName(name: string): void {
  if (isScopeToken(name) && name.length <= 128) return
  throw new InputError(
    'invalid',
    'name',
    'A role is named by 1 to 128 printable ASCII signs without spaces, quotes and backslashes.',
  )
}

async function findHolder({ storage }: Pick<Deps, 'storage'>, holder: HolderName): Promise<RoleHolder> {
  if ('client' in holder) return { kind: 'client', id: holder.client }
  if (!holder.user.includes('@')) return { kind: 'user', id: holder.user }
  const user = await storage.users.findByEmailKey(emailKey(holder.user.trim()))
  if (user === null) throw new InputError('unknown', 'user', 'There is no account by this e-mail.')
  return { kind: 'user', id: user.id }
}
