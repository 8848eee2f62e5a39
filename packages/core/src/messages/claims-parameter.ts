import { OAuthError } from '../errors.ts'
import { isObject, type JsonObject, parseJsonObject } from '../jwt/strict-json.ts'
import { JwtError } from '../jwt-error.ts'

const MAX_CLAIMS = 50
const MAX_NAME_LENGTH = 256
const MAX_VALUES = 20

/** What the `claims` parameter asks for (OpenID Connect Core §5.5). */
export type ClaimsParameter = {
  /** Names of the claims asked for at userinfo. */
  readonly userinfo: readonly string[]
  /** Names of the claims asked for in the ID token. */
  readonly idToken: readonly string[]
  /** The only person the answer may be about: `sub` with a value (Core §5.5.1). */
  readonly subject: string | null
  /** Authentication context classes of which one must be met: an essential `acr` with values (Core §5.5.1.1). */
  readonly essentialAcr: readonly string[]
}

type Requested = { readonly essential: boolean; readonly values: readonly unknown[] }
type Section = ReadonlyMap<string, Requested>

/** Reads the `claims` parameter; absent asks for nothing. Throws invalid_request. */
export function parseClaimsParameter(text: string | null): ClaimsParameter {
  const wire = text === null ? {} : parseObject(text)
  const userinfo = parseSection(wire, 'userinfo')
  const idToken = parseSection(wire, 'id_token')
  return {
    userinfo: [...userinfo.keys()],
    idToken: [...idToken.keys()],
    subject: demandedSubject([userinfo, idToken]),
    essentialAcr: essentialAcr(idToken),
  }
}

function parseObject(text: string): JsonObject {
  try {
    return parseJsonObject(new TextEncoder().encode(text))
  } catch (error) {
    if (error instanceof JwtError) throw malformed()
    throw error
  }
}

function parseSection(wire: JsonObject, member: string): Section {
  const value = Object.hasOwn(wire, member) ? wire[member] : null
  if (value === null) return new Map()
  if (!isObject(value)) throw malformed()
  const entries = Object.entries(value)
  if (entries.length > MAX_CLAIMS) throw malformed()
  return new Map(entries.map(([name, request]) => [checkName(name), parseRequested(request)]))
}

function checkName(name: string): string {
  if (name === '' || name.length > MAX_NAME_LENGTH || name.includes('\0')) throw malformed()
  return name
}

function parseRequested(request: unknown): Requested {
  if (request === null) return { essential: false, values: [] }
  if (!isObject(request)) throw malformed()
  const { essential = false, value, values = [] } = request
  if (typeof essential !== 'boolean' || !Array.isArray(values) || values.length > MAX_VALUES)
    throw malformed()
  return { essential, values: value === undefined ? values : [value, ...values] }
}

function demandedSubject(sections: readonly Section[]): string | null {
  const subjects = new Set(sections.flatMap((section) => section.get('sub')?.values ?? []))
  const [subject, ...others] = subjects
  if (subject === undefined) return null
  // One request is about one person; two names can never both be met.
  if (typeof subject !== 'string' || others.length > 0) throw malformed()
  return subject
}

function essentialAcr(idToken: Section): readonly string[] {
  const acr = idToken.get('acr')
  if (acr === undefined || !acr.essential) return []
  return acr.values.map((value) => {
    if (typeof value !== 'string') throw malformed()
    return value
  })
}

function malformed(): OAuthError {
  return new OAuthError(
    'invalid_request',
    'claims is not the JSON object of OpenID Connect Core section 5.5.',
    {
      reason: 'claims_malformed',
    },
  )
}
