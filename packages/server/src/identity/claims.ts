import { CLAIMS_BY_SCOPE } from '../policy/claims.ts'
import type { User } from '../storage/records.ts'

/** What a person's record says under these scopes, and under the names in `requested` (claims parameter, §5.5). */
export function claimsFor(
  user: User,
  scopes: readonly string[],
  requested: readonly string[] = [],
): Record<string, unknown> {
  const names = new Set(requested)
  for (const [scope, claims] of Object.entries(CLAIMS_BY_SCOPE)) {
    if (scopes.includes(scope)) for (const claim of claims) names.add(claim)
  }
  return pickClaims(user, names)
}

/** The claims of these names that the record has; what it lacks is left out (OpenID Connect Core §5.3.2). */
export function pickClaims(user: User, names: Iterable<string>): Record<string, unknown> {
  const picked: Record<string, unknown> = {}
  for (const name of names) {
    const value = claimOf(user, name)
    if (value !== undefined && value !== null) picked[name] = value
  }
  return picked
}

function claimOf(user: User, name: string): unknown {
  if (name === 'email') return user.email
  if (name === 'email_verified') return user.emailVerified
  if (name === 'updated_at') return user.updatedAt
  return Object.hasOwn(user.claims, name) ? user.claims[name] : undefined
}
