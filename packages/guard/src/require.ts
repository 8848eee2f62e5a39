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
  const missing = {
    scope: lacking(auth.scopes, required.scopes),
    role: lacking(auth.roles, required.roles),
    permission: lacking(auth.permissions, required.permissions),
  }
  const kinds = (['scope', 'role', 'permission'] as const).filter((kind) => missing[kind].length > 0)
  const [first] = kinds
  if (first === undefined) return null
  const named = kinds.map((kind) => `the ${kind} ${missing[kind].join(', ')}`)
  const scope = required.scopes.length > 0 ? required.scopes.join(' ') : null
  return insufficientScope(`${first}_missing`, `The token lacks ${named.join(' and ')}.`, scope)
}

const NOTHING: readonly string[] = []

function lacking(held: readonly string[], required: readonly string[]): readonly string[] {
  if (required.every((name) => held.includes(name))) return NOTHING
  return required.filter((name) => !held.includes(name))
}
