import { ClientError, type ClientErrorCode } from '../errors.ts'
import type { Claims } from '../providers/provider.ts'
import { isClaims, textOf } from './json.ts'
import type { Grant } from './token-request.ts'

/** The codes of RFC 6749 §5.2, and those that GitHub and Slack have in their place. */
const REFUSALS: ReadonlyMap<string, ClientErrorCode> = new Map([
  ['invalid_client', 'client_rejected'],
  ['unauthorized_client', 'client_rejected'],
  ['incorrect_client_credentials', 'client_rejected'],
  ['invalid_client_id', 'client_rejected'],
  ['bad_client_secret', 'client_rejected'],
  ['redirect_uri_mismatch', 'redirect_uri_mismatch'],
  ['bad_redirect_uri', 'redirect_uri_mismatch'],
  ['invalid_grant', 'code_refused'],
  ['bad_verification_code', 'code_refused'],
  ['invalid_code', 'code_refused'],
  ['code_already_used', 'code_refused'],
])

/**
 * What is said of a refresh token that is taken no more, by providers without `invalid_grant`: Twitch ("Invalid refresh
 * token"), Slack (`invalid_refresh_token`), GitHub (`bad_refresh_token`), Atlassian ("refresh_token is invalid"), X
 * ("Value passed for the token was invalid"). Naming it is not enough: one that is merely missing, or a grant that is
 * switched off, is worth another try, and this ends a session.
 */
const REFRESH_TOKEN =
  /\b(?:invalid|bad|expired|revoked|unknown)[ _]refresh[ _]?token\b(?![ _]grant)|\brefresh[ _]?token(?![ _]grant)(?: \w+){0,3} (?:invalid|expired|revoked|not valid)\b|\bpassed for the token was invalid\b/i
const REDIRECT_URI = /redirect[_ ]?ur[il]/i
const AUTHORIZATION_CODE =
  /\b(?:invalid|expired|used) authorization code\b|\bauthorization code (?:is|was|has)\b/i
const CLIENT = /\bclient[ _](?:id|secret|credentials)\b|\binvalid client\b/i

/** So much of a provider's own words is repeated. */
const MOST_WORDS = 500

/** Why the token endpoint refused (RFC 6749 §5.2), in one of our codes and in the provider's own words. */
export function refusal(
  members: Claims,
  grant: Grant,
  { provider, status }: { readonly provider: string; readonly status: number },
): ClientError {
  const { error, description } = errorOf(members)
  const words = [error, description].filter((part) => part !== null).join(': ')
  const detail = words === '' ? `Status ${status}, without a reason.` : words.slice(0, MOST_WORDS)
  return new ClientError(codeOf(error, words, { grant, status }), { provider, detail })
}

type Asked = { readonly grant: Grant; readonly status: number }

function codeOf(error: string | null, words: string, { grant, status }: Asked): ClientErrorCode {
  const known = REFUSALS.get(error ?? '')
  if (grant === 'refresh_token') {
    if (known === 'code_refused' || REFRESH_TOKEN.test(words)) return 'refresh_refused'
  } else if (known !== 'client_rejected') {
    if (REDIRECT_URI.test(words)) return 'redirect_uri_mismatch'
    if (known === undefined && AUTHORIZATION_CODE.test(words)) return 'code_refused'
  }
  if (known !== undefined) return known
  // RFC 6749 §5.2: 401 is for a client that did not prove itself; some say so without the code.
  return status === 401 || CLIENT.test(words) ? 'client_rejected' : 'token_request_refused'
}

/** Facebook and others have an object where RFC 6749 §5.2 has a text; Twitch and Reddit say it in `message`. */
function errorOf(members: Claims): { readonly error: string | null; readonly description: string | null } {
  const { error } = members
  if (isClaims(error)) {
    return { error: textOf(error, 'type') ?? textOf(error, 'code'), description: textOf(error, 'message') }
  }
  return {
    error: textOf(members, 'error'),
    description: textOf(members, 'error_description') ?? textOf(members, 'message'),
  }
}
