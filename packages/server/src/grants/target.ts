import { decideAudience, type ScopeCatalog, scopeCatalog } from '../policy/resources.ts'
import type { Resource, RoleHolder } from '../storage/records.ts'
import type { GrantDeps } from './grant.ts'

/** What a token is for, and what its holder may do there. */
export type Target = {
  readonly audience: string
  /** null for the issuer's own audience, unless that is registered too. */
  readonly resource: Resource | null
  readonly catalog: ScopeCatalog
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
}

type TargetQuestion = {
  readonly requested: string | null
  /** The audiences that may be had, the default one first. */
  readonly granted: readonly string[]
  readonly holder: RoleHolder
}

/** Loads the one resource that a token request is for, and its holder's roles. Throws invalid_target. */
export async function loadTarget(
  { requested, granted, holder }: TargetQuestion,
  { config, storage }: Pick<GrantDeps, 'config' | 'storage'>,
): Promise<Target> {
  const catalog = scopeCatalog(await storage.resources.list(), config)
  const audience = decideAudience(requested, granted, catalog)
  const { roles, permissions } = await storage.roles.of(holder, audience)
  return { audience, resource: catalog.resource(audience), catalog, roles, permissions }
}
