import { isTrue, standardProfile } from './claims.ts'
import type { Profile, ProfileSource } from './provider.ts'

/**
 * Anybody can write any address into a directory of their own: only the optional claim `xms_edov` proves one. It is a
 * boolean by the documentation, and comes as 1 and "1" too.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/optional-claims-reference
 */
export function microsoftProfile({ claims, ...from }: ProfileSource): Profile {
  const { xms_edov } = claims
  const email_verified = isTrue(xms_edov) || xms_edov === 1 || xms_edov === '1'
  return standardProfile({ ...from, claims: { ...claims, email_verified }, userinfo: {} })
}
