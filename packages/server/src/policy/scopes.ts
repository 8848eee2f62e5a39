import { type ClientMetadata, OAuthError, OPENID_SCOPES } from '@doorward/core'
import { isConnectionScope } from './connection-scopes.ts'
import type { ScopeCatalog } from './resources.ts'

/**
 * Scopes about the person, not about an API: part of any user's token whatever its audience, so that it opens
 * userinfo (OpenID Connect Core §5.4, §11), and of no client's own token.
 */
export const IDENTITY_SCOPES: ReadonlySet<string> = new Set(OPENID_SCOPES)

/** What is asked for, what may be given, and where it would count. */
export type ScopeQuestion = {
  /** What was asked for; empty: nothing was named. */
  readonly requested: readonly string[]
  /** What may be had at most: the client's registered scopes, or those granted before. */
  readonly allowed: readonly string[]
  /** Where the scopes are to be used: the audiences of an authorization, or the one of a token. */
  readonly audiences: readonly string[]
  readonly catalog: ScopeCatalog
  /** 'user' where a person is behind it, 'client' for client_credentials. */
  readonly for: 'user' | 'client'
}

/**
 * Which of the requested scopes are given, in the order asked. Those that are unknown, not allowed or of
 * another audience are left out; nothing named means all that is allowed. Throws invalid_scope where nothing is left.
 * @see RFC 6749 §3.3
 */
export function decideScopes(question: ScopeQuestion): readonly string[] {
  const { allowed, audiences, catalog } = question
  const requested = question.requested.length > 0 ? question.requested : allowed
  const permitted = new Set(allowed)
  const granted = requested.filter((scope) => {
    if (!permitted.has(scope)) return false
    if (IDENTITY_SCOPES.has(scope)) return question.for === 'user'
    // Somebody's account elsewhere is nobody's but theirs to give.
    if (question.for === 'client' && isConnectionScope(scope)) return false
    return audiences.some((audience) => catalog.knows(audience, scope))
  })
  if (granted.length > 0 || question.requested.length === 0) return granted
  throw new OAuthError('invalid_scope', 'None of the requested scopes can be given here.', {
    reason: 'scope_empty',
  })
}

/**
 * What an authorization request asks for where it names no scope: all the client may have but offline_access and
 * connections, which are only ever given to those who ask (OpenID Connect Core §11).
 */
export function requestedScopes(named: readonly string[], client: ScopedClient): readonly string[] {
  if (named.length > 0) return named
  return client.scopes.filter((scope) => scope !== 'offline_access' && !isConnectionScope(scope))
}

type ScopedClient = Pick<ClientMetadata, 'scopes' | 'grantTypes'>

/** The scopes a client may be given: offline_access only with the refresh_token grant, which it needs. */
export function clientScopes(client: ScopedClient): readonly string[] {
  if (client.grantTypes.includes('refresh_token')) return client.scopes
  return client.scopes.filter((scope) => scope !== 'offline_access')
}
