import type { ProfileClaims } from '../storage/records.ts'
import { InputError } from './input-error.ts'

/**
 * The standard claims an account may hold beside its e-mail, and the JSON type of each. `sub`, `email`,
 * `email_verified` and `updated_at` are facts of the account itself.
 * @see OpenID Connect Core §5.1
 */
const STANDARD_CLAIMS = {
  name: 'text',
  given_name: 'text',
  family_name: 'text',
  middle_name: 'text',
  nickname: 'text',
  preferred_username: 'text',
  profile: 'url',
  picture: 'url',
  website: 'url',
  gender: 'text',
  birthdate: 'date',
  zoneinfo: 'text',
  locale: 'text',
  phone_number: 'text',
  phone_number_verified: 'boolean',
  address: 'address',
} as const

type StandardClaim = keyof typeof STANDARD_CLAIMS
type ClaimKind = (typeof STANDARD_CLAIMS)[StandardClaim]

/** Members of the address claim (OpenID Connect Core §5.1.1). */
const ADDRESS_MEMBERS: readonly string[] = [
  'formatted',
  'street_address',
  'locality',
  'region',
  'postal_code',
  'country',
]
const LONGEST_TEXT = 1_000

/** Checks claims for an account. Throws InputError that names the claim. */
export function checkProfileClaims(claims: Readonly<Record<string, unknown>>): ProfileClaims {
  for (const [name, value] of Object.entries(claims)) {
    const kind = kindOf(name)
    if (!CHECKS[kind](value))
      throw new InputError('invalid', name, `The claim ${name} must be ${NEEDS[kind]}.`)
  }
  return claims
}

/** A claim's value from text, as a command line has it: `true` for a boolean, JSON for the address. */
export function parseClaimText(name: string, text: string): unknown {
  const kind = kindOf(name)
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (kind !== 'address') return text
  try {
    return JSON.parse(text)
  } catch {
    return { formatted: text }
  }
}

function kindOf(name: string): ClaimKind {
  const kind = Object.entries(STANDARD_CLAIMS).find(([known]) => known === name)?.[1]
  if (kind !== undefined) return kind
  const known = Object.keys(STANDARD_CLAIMS).join(', ')
  throw new InputError('invalid', 'claims', `An account cannot hold this claim. Known are: ${known}.`)
}

const NEEDS: Readonly<Record<ClaimKind, string>> = {
  text: `a text of at most ${LONGEST_TEXT} characters`,
  url: 'an http or https address',
  date: 'a date as YYYY-MM-DD, or a year as YYYY (0000-MM-DD leaves the year out)',
  boolean: 'true or false',
  address: `an object of texts with some of ${ADDRESS_MEMBERS.join(', ')}`,
}

const CHECKS: Readonly<Record<ClaimKind, (value: unknown) => boolean>> = {
  text: isText,
  url: (value) => isText(value) && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
  date: (value) => isText(value) && /^\d{4}(?:-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))?$/.test(value),
  boolean: (value) => typeof value === 'boolean',
  address: (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([name, part]) => ADDRESS_MEMBERS.includes(name) && isText(part)),
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT
}
