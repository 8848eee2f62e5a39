import type { Claims, Profile, ProfileSource } from './provider.ts'

/** A text, or null for anything else and for an empty one. */
export const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

const isRecord = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A JSON object; empty for anything else. */
export const record = (value: unknown): Claims => (isRecord(value) ? value : {})

/** The JSON objects of a list; empty for anything else. */
export const records = (value: unknown): readonly Claims[] => (Array.isArray(value) ? value.map(record) : [])

/** What identifies an account: a text or a whole number. Empty where there is neither, and nobody signs in. */
export const identifier = (value: unknown): string =>
  typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : (text(value) ?? '')

/** True for `true`, and for `"true"` as Apple writes it; never for what is merely truthy. */
export const isTrue = (value: unknown): boolean => value === true || value === 'true'

/** A profile whose address counts as proven only where there is one. */
export function profileOf(found: {
  readonly subject: unknown
  readonly email?: unknown
  readonly emailVerified?: boolean
  readonly name?: unknown
  readonly picture?: unknown
}): Profile {
  const email = text(found.email)
  return {
    subject: identifier(found.subject),
    email,
    emailVerified: email !== null && found.emailVerified === true,
    name: text(found.name),
    picture: text(found.picture),
  }
}

/**
 * The standard claims (OpenID Connect Core §5.1), from userinfo where it has them, else from the ID token. An address is
 * proven by the one that names it.
 */
export function standardProfile({ claims, userinfo }: ProfileSource): Profile {
  const { email, name, preferred_username, picture } = { ...claims, ...userinfo }
  const proofs = [userinfo, claims].filter((source) => source.email === email)
  return profileOf({
    subject: claims.sub ?? userinfo.sub,
    email,
    emailVerified: proofs.some((source) => isTrue(source.email_verified)),
    name: text(name) ?? preferred_username,
    picture,
  })
}
