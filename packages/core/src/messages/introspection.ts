import { isOneOf, TOKEN_TYPE_HINTS, type TokenTypeHint } from '../vocabulary.ts'
import type { Params } from './params.ts'

/** Asks about, or ends, one token (RFC 7662 §2.1, RFC 7009 §2.1). */
export type TokenQuestion = {
  readonly token: string
  /** null where it is absent or unknown: a hint only orders the search. */
  readonly tokenTypeHint: TokenTypeHint | null
}

/** Reads an introspection request (RFC 7662 §2.1). Throws invalid_request. */
export function parseIntrospection(params: Params): TokenQuestion {
  const hint = params.get('token_type_hint')
  return { token: params.required('token'), tokenTypeHint: isOneOf(TOKEN_TYPE_HINTS, hint) ? hint : null }
}

/** What introspection tells about a live token. Times in seconds since 1970. */
export type ActiveToken = {
  readonly clientId: string
  readonly tokenType: 'Bearer' | 'refresh_token'
  readonly scope: string
  readonly sub: string
  readonly iss: string
  readonly aud?: string | readonly string[]
  readonly exp: number
  readonly iat: number
  readonly jti?: string
  readonly username?: string
  /** Further claims, which never override the others. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** An introspection response; null is a token that is not live or none of the asker's business (RFC 7662 §2.2). */
export function respondIntrospection(token: ActiveToken | null): Record<string, unknown> {
  if (token === null) return { active: false }
  const { clientId, tokenType, scope, extra, ...claims } = token
  return {
    ...extra,
    active: true,
    ...(scope === '' ? {} : { scope }),
    client_id: clientId,
    token_type: tokenType,
    ...claims,
  }
}
