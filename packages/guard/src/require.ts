import type { Auth } from './auth.ts'
import { insufficientScope, type Refusal } from './refusal.ts'

/** What a route asks for; all of it is needed. */
export type Requirements = {
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
}

/** null where the token allows all that is required, else a refusal that names what is missing (RFC 6750 §3.1). */
export function decideRequirements(auth: Auth, required: Requirements): Refusal | null {
  if (
    holdsAll(auth.scopes, required.scopes) &&
    holdsAll(auth.roles, required.roles) &&
    holdsAll(auth.permissions, required.permissions)
  ) {
    return null
  }
  return refuse(auth, required)
}

function refuse(auth: Auth, required: Requirements): Refusal {
  const missing = {
    scope: lacking(auth.scopes, required.scopes),
    role: lacking(auth.roles, required.roles),
    permission: lacking(auth.permissions, required.permissions),
  }
  const kinds = (['scope', 'role', 'permission'] as const).filter((kind) => missing[kind].length > 0)
  const named = kinds.map((kind) => `the ${kind} ${missing[kind].join(', ')}`)
  const scope = required.scopes.length > 0 ? required.scopes.join(' ') : null
  const reason = `${kinds[0] ?? 'scope'}_missing` as const
  return insufficientScope(reason, `The token lacks ${named.join(' and ')}.`, scope)
}

function holdsAll(held: readonly string[], required: readonly string[]): boolean {
  return required.every((name) => held.includes(name))
}

function lacking(held: readonly string[], required: readonly string[]): readonly string[] {
  return required.filter((name) => !held.includes(name))
}
