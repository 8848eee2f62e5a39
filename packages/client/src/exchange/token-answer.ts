import { ClientError, type ClientErrorCode } from '../errors.ts'
import type { Claims, Provider } from '../providers/provider.ts'
import { isClaims, textOf } from './json.ts'
import type { ProviderDeps } from './provider-deps.ts'
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

/** The codes of RFC 6749 §5.2, and those that GitHub has in their place. */
const REFUSALS: ReadonlyMap<string, ClientErrorCode> = new Map([
  ['invalid_client', 'client_rejected'],
  ['unauthorized_client', 'client_rejected'],
  ['incorrect_client_credentials', 'client_rejected'],
  ['redirect_uri_mismatch', 'redirect_uri_mismatch'],
  ['invalid_grant', 'code_refused'],
  ['bad_verification_code', 'code_refused'],
  ['bad_refresh_token', 'code_refused'],
])

/** So much of a provider's own words is repeated. */
const MOST_WORDS = 500

function refusal(
  members: Claims,
  grant: Grant,
  { provider, status }: { readonly provider: string; readonly status: number },
): ClientError {
  const { error, description } = errorOf(members)
  if (error === null) {
    return new ClientError('token_request_refused', {
      provider,
      detail: `Status ${status}, without a reason.`,
    })
  }
  const detail = (description === null ? error : `${error}: ${description}`).slice(0, MOST_WORDS)
  return new ClientError(codeOf(error, description, grant), { provider, detail })
}

function codeOf(error: string, description: string | null, grant: Grant): ClientErrorCode {
  const code = REFUSALS.get(error) ?? 'token_request_refused'
  if (grant === 'refresh_token') return code === 'code_refused' ? 'refresh_refused' : code
  const namesRedirectUri = /redirect[_ ]?ur[il]/i.test(description ?? '')
  return namesRedirectUri && code !== 'client_rejected' ? 'redirect_uri_mismatch' : code
}

/** Facebook and others have an object where RFC 6749 §5.2 has a text. */
function errorOf(members: Claims): { readonly error: string | null; readonly description: string | null } {
  const { error } = members
  if (!isClaims(error)) {
    return { error: textOf(members, 'error'), description: textOf(members, 'error_description') }
  }
  return { error: textOf(error, 'type') ?? textOf(error, 'code'), description: textOf(error, 'message') }
}
