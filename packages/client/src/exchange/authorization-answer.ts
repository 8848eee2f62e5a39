import { ClientError, type ClientErrorCode } from '../errors.ts'
import type { ProviderDeps } from './provider-deps.ts'

/** What the browser brings back, each parameter once. */
export type AuthorizationAnswer = {
  readonly state: string
  readonly code: string | null
  readonly error: string | null
  readonly description: string | null
  readonly issuer: string | null
  /** Apple's JSON about the person. */
  readonly user: string | null
}

/** More than any provider sends. */
const MAX_CODE = 8192
const MAX_WORDS = 500

/** Reads the callback's parameters (RFC 6749 §4.1.2). Throws callback_malformed, state_missing. */
export function parseAuthorizationAnswer(parameters: URLSearchParams, provider: string): AuthorizationAnswer {
  const single = (name: string): string | null => {
    const [value, ...others] = parameters.getAll(name)
    // RFC 6749 §3.1: MUST NOT be included more than once; two readers could see two answers.
    if (others.length > 0) throw new ClientError('callback_malformed', { provider })
    return value === undefined || value === '' ? null : value
  }
  const state = single('state')
  if (state === null) {
    throw new ClientError(isAnswer(parameters) ? 'state_missing' : 'callback_malformed', { provider })
  }
  return {
    state,
    code: single('code'),
    error: single('error'),
    description: single('error_description')?.slice(0, MAX_WORDS) ?? null,
    issuer: single('iss'),
    user: single('user'),
  }
}

function isAnswer(parameters: URLSearchParams): boolean {
  return parameters.has('code') || parameters.has('error')
}

/**
 * The code, once the answer is known to be the asked provider's (RFC 9207 §2.4). Throws ClientError, with the
 * provider's own words where it refused.
 */
export async function checkAuthorizationAnswer(
  answer: AuthorizationAnswer,
  { provider, metadata }: ProviderDeps,
): Promise<string> {
  const { issuer, namesIssuer } = await metadata()
  if (answer.issuer === null && namesIssuer) {
    throw new ClientError('authorization_issuer_missing', { provider: provider.id })
  }
  if (answer.issuer !== null && issuer !== null && !isIssuer(answer.issuer, issuer)) {
    const detail = `It names ${JSON.stringify(answer.issuer.slice(0, MAX_WORDS))}, not ${JSON.stringify(issuer)}.`
    throw new ClientError('authorization_issuer_mismatch', { provider: provider.id, detail })
  }
  if (answer.error !== null) throw providerError(answer.error, answer.description, provider.id)
  if (answer.code !== null && answer.code.length <= MAX_CODE) return answer.code
  throw new ClientError('callback_malformed', { provider: provider.id })
}

/** Exactly; a template stands for any tenant of the same form. */
function isIssuer(named: string, issuer: string): boolean {
  const [start = '', end] = issuer.split('{tenantid}')
  if (end === undefined) return named === issuer
  return (
    /^[\w-]+$/.test(named.slice(start.length, -end.length)) && named.startsWith(start) && named.endsWith(end)
  )
}

const ERRORS: ReadonlyMap<string, ClientErrorCode> = new Map([
  ['access_denied', 'access_denied'],
  ['user_cancelled_authorize', 'access_denied'],
  ['user_cancelled_login', 'access_denied'],
  ['user_cancelled', 'access_denied'],
  ['consent_required', 'access_denied'],
  ['redirect_uri_mismatch', 'redirect_uri_mismatch'],
  ['unauthorized_client', 'client_rejected'],
  ['server_error', 'provider_failed'],
  ['temporarily_unavailable', 'provider_failed'],
])

function providerError(error: string, description: string | null, provider: string): ClientError {
  const words = error.slice(0, MAX_WORDS)
  const detail = description === null ? words : `${words}: ${description}`
  return new ClientError(ERRORS.get(error) ?? 'provider_error', { provider, detail })
}
