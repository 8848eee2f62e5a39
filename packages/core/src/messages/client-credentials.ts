import { readAssertionSubject } from '../client-assertion.ts'
import { OAuthError } from '../errors.ts'
import type { Reason } from '../reasons.ts'
import { CLIENT_ASSERTION_TYPE } from '../vocabulary.ts'
import { hasControlCharacter, type Params } from './params.ts'

const MAX_HEADER_LENGTH = 4096
const MAX_CLIENT_ID_LENGTH = 256
/** What decoding puts where bytes are not UTF-8. */
const REPLACEMENT = '\ufffd'

/** How a request says which client it comes from; nothing is proven yet (OpenID Connect Core §9). */
export type ClientCredentials =
  | { readonly method: 'client_secret_basic'; readonly clientId: string; readonly secret: string }
  | { readonly method: 'client_secret_post'; readonly clientId: string; readonly secret: string }
  | { readonly method: 'private_key_jwt'; readonly clientId: string; readonly assertion: string }
  | { readonly method: 'none'; readonly clientId: string }

/**
 * Reads the client authentication of a request: `Authorization`, form, or both where they agree. More than one
 * method is invalid_request (RFC 6749 §2.3); none, or one that cannot be read, is invalid_client.
 */
export function parseClientCredentials(
  authorizationHeader: string | null,
  params: Params,
): ClientCredentials {
  const basic = parseAuthorization(authorizationHeader)
  const secret = params.get('client_secret')
  const assertion = params.get('client_assertion')
  if ([basic, secret, assertion].filter((method) => method !== null).length > 1) {
    throw new OAuthError('invalid_request', 'The client authenticates in more than one way. Use one.', {
      reason: 'client_credentials_repeated',
    })
  }
  const named = params.get('client_id')
  if (basic !== null) {
    checkSameClient(named, basic.clientId)
    return { method: 'client_secret_basic', ...basic }
  }
  if (assertion !== null) return readAssertion(assertion, params)
  const clientId = checkClientId(named)
  return secret === null ? { method: 'none', clientId } : { method: 'client_secret_post', clientId, secret }
}

/**
 * The id and secret of a Basic header, form-decoded after base64 (RFC 6749 §2.3.1), or null where there is no
 * header or another scheme. Throws invalid_client where they cannot be read.
 */
export function parseBasic(
  header: string | null,
): { readonly clientId: string; readonly secret: string } | null {
  if (header === null || !/^basic(?: |$)/i.test(header)) return null
  const pair = decodeBase64(header.slice('basic'.length).trim())
  const colon = pair?.indexOf(':') ?? -1
  if (pair === null || colon === -1) throw unreadable()
  return {
    clientId: checkClientId(formDecode(pair.slice(0, colon))),
    secret: formDecode(pair.slice(colon + 1)),
  }
}

function parseAuthorization(header: string | null): ReturnType<typeof parseBasic> {
  const basic = parseBasic(header)
  if (basic !== null || header === null) return basic
  // An unsupported authentication method is invalid_client, RFC 6749 §5.2.
  throw refused('The Authorization header must use Basic here.', 'client_credentials_malformed')
}

function readAssertion(assertion: string, params: Params): ClientCredentials {
  if (params.get('client_assertion_type') !== CLIENT_ASSERTION_TYPE) {
    throw refused(
      'client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer.',
      'assertion_type_unknown',
    )
  }
  const subject = readAssertionSubject(assertion)
  if (subject === null)
    throw refused('client_assertion is not a signed JWT with a sub.', 'assertion_malformed')
  // client_id is optional beside an assertion, and must name its subject: RFC 7521 §4.2.
  checkSameClient(params.get('client_id'), subject)
  return { method: 'private_key_jwt', clientId: checkClientId(subject), assertion }
}

function checkSameClient(named: string | null, authenticated: string): void {
  if (named === null || named === authenticated) return
  throw new OAuthError('invalid_request', 'client_id is not the client that authenticates.', {
    reason: 'client_id_mismatch',
  })
}

function checkClientId(clientId: string | null): string {
  if (clientId === null) {
    throw refused(
      'The request names no client. Send client authentication, or client_id for a public client.',
      'client_credentials_missing',
    )
  }
  if (clientId.length <= MAX_CLIENT_ID_LENGTH && /^[\x20-\x7e]+$/.test(clientId)) return clientId
  throw refused('client_id has a form that no client has.', 'client_id_malformed')
}

function decodeBase64(text: string): string | null {
  if (text.length > MAX_HEADER_LENGTH || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  const decoded = Buffer.from(text, 'base64').toString('utf8')
  return decoded.includes(REPLACEMENT) ? null : decoded
}

function formDecode(text: string): string {
  let decoded = text
  try {
    // Most ids and secrets are base64url, which stands for itself.
    if (/[%+]/.test(text)) decoded = decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw unreadable()
  }
  if (hasControlCharacter(decoded)) throw unreadable()
  return decoded
}

function unreadable(): OAuthError {
  return refused(
    'The Basic header cannot be read: form-encode id and secret, join them by a colon, then base64.',
    'client_credentials_malformed',
  )
}

function refused(description: string, reason: Reason): OAuthError {
  return new OAuthError('invalid_client', description, { reason })
}
