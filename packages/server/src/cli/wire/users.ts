import type { SignInMethod, UserView } from '../../management/users.ts'
import type { Workplace } from '../workplace.ts'
import { everyPage } from './pages.ts'

/** A user in the names of OpenID Connect Core §5.1, and ours where it has none. Times are seconds since 1970. */
export function userToWire(user: UserView, roles: readonly string[]): Record<string, unknown> {
  return {
    sub: user.id,
    email: user.email,
    email_verified: user.emailVerified,
    ...user.claims,
    roles,
    has_password: user.hasPassword,
    disabled: user.disabledAt !== null,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  }
}

/** How a user signs in, in the same way. */
export function signInMethodToWire(method: SignInMethod): Record<string, unknown> {
  if (method.type === 'password') return { type: method.type }
  const { type, id, provider, authority, subject, label, createdAt, lastUsedAt } = method
  return { type, id, provider, authority, subject, label, linked_at: createdAt, last_used_at: lastUsedAt }
}

/** Which roles each user has, read once. */
export async function rolesOf(doorward: Workplace): Promise<(userId: string) => readonly string[]> {
  const byUser = new Map<string, string[]>()
  for (const role of await doorward.roles.list()) {
    for (const holder of role.holders) {
      if (holder.kind === 'user') byUser.set(holder.id, [...(byUser.get(holder.id) ?? []), role.name])
    }
  }
  return (userId) => byUser.get(userId) ?? []
}

/** All users, or those of one stretch. */
export function everyUser(
  doorward: Workplace,
  stretch: { readonly after?: string; readonly limit?: number },
): Promise<readonly UserView[]> {
  return everyPage((page) => doorward.users.list(page), stretch)
}
