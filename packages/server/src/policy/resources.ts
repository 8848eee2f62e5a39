import { OAuthError } from '@doorward/core'
import type { Config } from '../config/schema.ts'
import type { Resource } from '../storage/records.ts'
import { connectionScope, isConnectionScope } from './connection-scopes.ts'

/** Which scopes are known where. */
export type ScopeCatalog = {
  readonly issuer: string
  /** A registered resource, or null. */
  resource(uri: string): Resource | null
  /** True for a registered resource, and for the issuer itself. */
  hasAudience(uri: string): boolean
  /**
   * Does a token for this audience understand the scope? A resource knows the scopes it was registered with;
   * the issuer knows those that no resource does, and alone the connections of its configured providers.
   */
  knows(audience: string, scope: string): boolean
}

/** The settings that a catalog depends on. */
type OwnScopes = {
  readonly issuer: Config['issuer']
  readonly providers: readonly Pick<Config['providers'][number], 'id'>[]
}

/** The catalog of a list, kept as long as the list is: whoever reads the same list twice pays once. */
const catalogs = new WeakMap<
  readonly Resource[],
  { readonly of: OwnScopes; readonly catalog: ScopeCatalog }
>()

/** Makes the catalog of all registered resources, and of what the settings add. */
export function scopeCatalog(resources: readonly Resource[], config: OwnScopes): ScopeCatalog {
  const known = catalogs.get(resources)
  if (known?.of === config) return known.catalog
  const { issuer } = config
  const connections = new Set(config.providers.map(({ id }) => connectionScope(id)))
  const byUri = new Map(resources.map((resource) => [resource.uri, resource]))
  const scopesOf = new Map(resources.map(({ uri, scopes }) => [uri, new Set(scopes)]))
  const elsewhere = new Set(resources.filter(({ uri }) => uri !== issuer).flatMap(({ scopes }) => scopes))
  const catalog: ScopeCatalog = {
    issuer,
    resource: (uri) => byUri.get(uri) ?? null,
    hasAudience: (uri) => uri === issuer || byUri.has(uri),
    knows(audience, scope) {
      if (isConnectionScope(scope)) return audience === issuer && connections.has(scope)
      return scopesOf.get(audience)?.has(scope) === true || (audience === issuer && !elsewhere.has(scope))
    },
  }
  catalogs.set(resources, { of: config, catalog })
  return catalog
}

/**
 * The audiences that an authorization is for, first one the default: those asked for, else the client's
 * default resource, else the issuer. Throws invalid_target for one that is not registered.
 * @see RFC 8707 §2
 */
export function decideAudiences(
  requested: readonly string[],
  defaultResource: string | null,
  catalog: ScopeCatalog,
): readonly string[] {
  const audiences = requested.length === 0 ? [defaultResource ?? catalog.issuer] : [...new Set(requested)]
  if (audiences.every((uri) => catalog.hasAudience(uri))) return audiences
  throw new OAuthError('invalid_target', 'A requested resource is not registered.', {
    reason: 'resource_unknown',
  })
}

/**
 * The one audience of a token: the one named, which must be among those granted, else the first granted.
 * Throws invalid_target where it was not granted, or has been deleted since.
 * @see RFC 8707 §2.2
 */
export function decideAudience(
  requested: string | null,
  granted: readonly string[],
  catalog: ScopeCatalog,
): string {
  const audience = requested ?? granted[0] ?? catalog.issuer
  if (!granted.includes(audience)) {
    throw new OAuthError('invalid_target', 'The resource was not part of the authorization.', {
      reason: 'resource_not_granted',
    })
  }
  if (catalog.hasAudience(audience)) return audience
  throw new OAuthError('invalid_target', 'A requested resource is not registered.', {
    reason: 'resource_unknown',
  })
}
