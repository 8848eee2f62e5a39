import { OAuthError } from '../errors.ts'
import { isOneOf } from '../vocabulary.ts'

/** The members of a JSON object, none of them read yet. */
export type Members = Readonly<Record<string, unknown>>

/** True for a JSON object. */
export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A refusal of client metadata (RFC 7591 §3.2.2). `description` names our member, never the sender's text. */
export function malformedMetadata(description: string): OAuthError {
  return new OAuthError('invalid_client_metadata', description, { reason: 'metadata_malformed' })
}

/** The member's value; null where it is absent or null. */
export function readMember(members: Members, name: string): unknown {
  return (Object.hasOwn(members, name) ? members[name] : null) ?? null
}

/** A text on one line, 1 to `max` characters, or null. Throws invalid_client_metadata. */
export function readString(members: Members, name: string, max: number): string | null {
  const value = readMember(members, name)
  if (value === null) return null
  if (isLine(value, max)) return value
  throw malformedMetadata(`${name} must be a text of 1 to ${max} characters on one line.`)
}

/** A list of texts, each once, or null. Throws invalid_client_metadata. */
export function readStrings(
  members: Members,
  name: string,
  bounds: { readonly items: number; readonly length: number },
): readonly string[] | null {
  const value = readMember(members, name)
  if (value === null) return null
  const lines = Array.isArray(value) && value.length <= bounds.items ? onlyLines(value, bounds.length) : null
  if (lines !== null) return [...new Set(lines)]
  throw malformedMetadata(
    `${name} must be a list of at most ${bounds.items} texts of 1 to ${bounds.length} characters.`,
  )
}

/** true or false, or `fallback` where it is absent. Throws invalid_client_metadata. */
export function readBoolean(members: Members, name: string, fallback: boolean): boolean {
  const value = readMember(members, name)
  if (value === null) return fallback
  if (typeof value === 'boolean') return value
  throw malformedMetadata(`${name} must be true or false.`)
}

/** A whole number of seconds up to 31 years, or null. Throws invalid_client_metadata. */
export function readSeconds(members: Members, name: string): number | null {
  const value = readMember(members, name)
  if (value === null) return null
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 1_000_000_000)
    return value
  throw malformedMetadata(`${name} must be a whole number of seconds.`)
}

/** One value of a table, or null where it is absent. Throws invalid_client_metadata. */
export function readChoice<T extends string>(members: Members, name: string, table: readonly T[]): T | null {
  const value = readMember(members, name)
  if (value === null) return null
  if (typeof value === 'string' && isOneOf(table, value)) return value
  throw malformedMetadata(`${name} must be one of: ${table.join(', ')}.`)
}

/** Several values of a table, each once, or null where it is absent. Throws invalid_client_metadata. */
export function readChoices<T extends string>(
  members: Members,
  name: string,
  table: readonly T[],
): readonly T[] | null {
  const values = readStrings(members, name, { items: 20, length: 200 })
  if (values === null) return null
  return values.map((value) => {
    if (isOneOf(table, value)) return value
    throw malformedMetadata(`${name} may hold: ${table.join(', ')}.`)
  })
}

function onlyLines(values: readonly unknown[], max: number): readonly string[] | null {
  const lines = values.filter((value) => isLine(value, max))
  return lines.length === values.length ? lines : null
}

function isLine(value: unknown, max: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= max && !/\p{Cc}/u.test(value)
}
