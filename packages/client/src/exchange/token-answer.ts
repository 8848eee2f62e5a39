import { ClientError } from '../errors.ts'
import type { Claims, Provider } from '../providers/provider.ts'
import { isClaims, textOf } from './json.ts'
import type { ProviderDeps } from './provider-deps.ts'
import { refusal } from './token-refusal.ts'
import type { Grant } from './token-request.ts'
import type { TokenSet } from './token-set.ts'

/** A good answer, its ID token not verified yet. */
export type TokenAnswer = {
  readonly tokens: TokenSet
  /** All of it, by the provider's names. */
  readonly members: Claims
  /** The provider's own time (its Date), in seconds; null where it does not say. */
  readonly answeredAt: number | null
}

/** Judges an answer of the token endpoint (RFC 6749 §5). Throws ClientError. */
export async function parseTokenAnswer(
  response: Response,
  grant: Grant,
  { provider, clock }: ProviderDeps,
): Promise<TokenAnswer> {
  const members = await readMembers(response, provider)
  if (response.status !== 200 || isErrorIn200(members, provider)) {
    throw refusal(members, grant, { provider: provider.id, status: response.status })
  }
  const date = Date.parse(response.headers.get('date') ?? '')
  return {
    tokens: parseTokens(members, provider, clock()),
    members,
    answeredAt: Number.isNaN(date) ? null : Math.floor(date / 1000),
  }
}

/** JSON; a form too, for providers that answer so whatever they are asked for. */
async function readMembers(response: Response, { id, quirks }: Provider): Promise<Claims> {
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  if (quirks?.acceptJson === true && type.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(text))
  }
  const json = parseJson(text)
  if (isClaims(json)) return json
  const detail = `Status ${response.status}, ${type || 'no Content-Type'}.`
  throw new ClientError('answer_unreadable', { provider: id, detail })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isErrorIn200({ error, ok }: Claims, { quirks }: Provider): boolean {
  return quirks?.errorsIn200 === true && (error !== undefined || ok === false)
}

/** Throws token_answer_incomplete, token_type_unsupported. */
function parseTokens(members: Claims, { id, scope, quirks }: Provider, now: number): TokenSet {
  const accessToken = textOf(members, 'access_token')
  const tokenType = textOf(members, 'token_type')?.toLowerCase()
  if (accessToken === null || tokenType === undefined) {
    const missing = accessToken === null ? 'access_token' : 'token_type'
    throw new ClientError('token_answer_incomplete', { provider: id, detail: `${missing} is missing.` })
  }
  // DPoP is never asked for: a token bound to a key that nobody holds is no use.
  if (tokenType !== 'bearer') throw new ClientError('token_type_unsupported', { provider: id })
  return {
    accessToken,
    tokenType,
    refreshToken: textOf(members, 'refresh_token'),
    idToken: textOf(members, 'id_token'),
    scope: scopeOf(members, quirks) ?? scope,
    expiresAt: expiryOf(members, id, now),
  }
}

function scopeOf({ scope }: Claims, quirks: Provider['quirks']): string | null {
  if (Array.isArray(scope) && quirks?.scopeList === true) return scope.join(' ')
  if (typeof scope !== 'string') return null
  return quirks?.commaScopesInAnswer === true ? scope.split(/[, ]+/).join(' ') : scope
}

/** Some providers write the number as a text. */
function expiryOf({ expires_in: expiresIn }: Claims, provider: string, now: number): number | null {
  if (expiresIn === undefined || expiresIn === null) return null
  const seconds = typeof expiresIn === 'string' && expiresIn !== '' ? Number(expiresIn) : expiresIn
  if (typeof seconds === 'number' && seconds >= 0 && Number.isFinite(seconds))
    return now + Math.floor(seconds)
  throw new ClientError('token_answer_incomplete', {
    provider,
    detail: 'expires_in is no number of seconds.',
  })
}
