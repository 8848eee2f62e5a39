import type { Deps } from '../deps.ts'
import type { Handler } from '../http/inbound.ts'
import { publicJson } from '../http/respond.ts'

/** `/oauth/jwks`, GET (RFC 7517 §5, OpenID Connect Core §10.1.1). */
export function createJwksEndpoint({ config, keyring }: Pick<Deps, 'config' | 'keyring'>): Handler {
  return async (inbound) => publicJson(inbound, { ...keyring.jwks(), maxAge: config.keys.jwksMaxAgeSeconds })
}
