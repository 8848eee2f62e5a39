import type { OAuthErrorCode } from '../errors.ts'
import type { ResponseMode } from '../vocabulary.ts'

/** What an authorization answers with; `iss` always (RFC 9207 §2). */
export type AuthorizationResponse = { readonly state: string | null; readonly iss: string } & (
  | { readonly code: string }
  | { readonly error: OAuthErrorCode; readonly error_description: string }
)

/** How the answer leaves: a redirect, or a page with a form that posts itself. */
export type AuthorizationDelivery =
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'form_post'; readonly action: string; readonly fields: Readonly<Record<string, string>> }

/**
 * Writes the answer for a proven redirect URI, its own query kept as it is (RFC 6749 §4.1.2, Form Post Response
 * Mode §2). Never call it with a URI that resolveRedirectUri has not answered.
 */
export function respondAuthorization(
  redirectUri: string,
  response: AuthorizationResponse,
  mode: ResponseMode,
): AuthorizationDelivery {
  const { state, iss } = response
  const outcome =
    'code' in response
      ? { code: response.code }
      : { error: response.error, error_description: response.error_description }
  const fields = { ...outcome, ...(state === null ? {} : { state }), iss }
  if (mode === 'form_post') return { kind: 'form_post', action: redirectUri, fields }
  return { kind: 'redirect', location: withQuery(redirectUri, fields) }
}

/** Adds parameters to a URI and leaves what it holds as it is, octet for octet. */
export function withQuery(uri: string, fields: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(fields).toString()
  if (query === '') return uri
  if (!uri.includes('?')) return `${uri}?${query}`
  return /[?&]$/.test(uri) ? `${uri}${query}` : `${uri}&${query}`
}
