import type { JsonObject } from './strict-json.ts'

/** Claims that mean something to whoever verifies a token. What a user record holds must never become one. */
const RESERVED = new Set([
  ...[
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
    'client_id',
    'scope',
    'sid',
    'auth_time',
    'acr',
    'amr',
  ],
  ...['roles', 'permissions', 'groups', 'entitlements', 'azp', 'nonce', 'at_hash', 'c_hash', 's_hash'],
  ...['cnf', 'act', 'may_act', 'authorization_details', 'events', 'toe', 'txn', '__proto__'],
])

/** The claims about a person that may go into a token (RFC 9068 §2.2.2, OpenID Connect Core §5.1). */
export function userClaims(claims: JsonObject | undefined): Record<string, unknown> {
  if (claims === undefined) return {}
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !RESERVED.has(name)))
}
