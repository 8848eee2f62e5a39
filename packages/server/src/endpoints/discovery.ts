import { OPENID_SCOPES } from '@doorward/core'
import { sha256 } from '@doorward/core/crypto'
import { discoveryDocument } from '@doorward/core/messages'
import type { Deps } from '../deps.ts'
import type { Handler } from '../http/inbound.ts'
import { publicJson } from '../http/respond.ts'
import { USER_CLAIMS } from '../policy/claims.ts'
import { connectionScope } from '../policy/connection-scopes.ts'
import type { Resource } from '../storage/records.ts'

/** Seconds a client may keep the document: a new resource's scopes show up within them. */
const MAX_AGE = 300

/** Claims of ID tokens that are not about the person's profile (OpenID Connect Core §2). */
const TOKEN_CLAIMS = ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'sid', 'at_hash']

type Document = { readonly scopes: readonly string[]; readonly body: string; readonly etag: string }

/**
 * `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`, GET: one document under
 * both names (OpenID Connect Discovery §4, RFC 8414 §3). It is written again when a resource has changed.
 */
export function createDiscoveryEndpoint(deps: Pick<Deps, 'config' | 'storage'>): Handler {
  let document: Document | null = null
  return async (inbound) => {
    const scopes = scopesOf(await deps.storage.resources.list(), deps)
    if (document === null || !sameTexts(document.scopes, scopes)) document = writeDocument(scopes, deps)
    return publicJson(inbound, { ...document, maxAge: MAX_AGE })
  }
}

function scopesOf(resources: readonly Resource[], { config }: Pick<Deps, 'config'>): readonly string[] {
  const connections = config.providers.map(({ id }) => connectionScope(id))
  return [...OPENID_SCOPES, ...connections, ...new Set(resources.flatMap((resource) => resource.scopes))]
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index])
}

function writeDocument(scopes: readonly string[], { config }: Pick<Deps, 'config'>): Document {
  const body = JSON.stringify(
    discoveryDocument({
      issuer: config.issuer,
      scopes,
      claims: [...TOKEN_CLAIMS, ...USER_CLAIMS],
      acrValues: ['aal1'],
      uiLocales: ['en'],
      backchannelLogout: true,
      policyUri: config.branding.privacyUrl,
    }),
  )
  return { scopes, body, etag: `"${sha256(body)}"` }
}
