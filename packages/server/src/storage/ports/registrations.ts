import type { Sha256 } from '@doorward/core/crypto'
import type { Client, Resource, Role, RoleHolder } from '../records.ts'

/** A page of a list: at most `limit` of what comes after an id; null begins at the first. */
export type Page = { readonly after: string | null; readonly limit: number }

/** Applications that are registered here (RFC 7591). */
export interface Clients {
  /** null where the id is taken. */
  insert(client: Client): Promise<Client | null>
  find(id: string): Promise<Client | null>
  list(page: Page): Promise<readonly Client[]>
  setSecret(id: string, secretHash: Sha256, now: number): Promise<boolean>
  /** Also ends its families, consents, codes and role grants: none is found any more; their rows go with the sweep. */
  delete(id: string, now: number): Promise<boolean>
}

/** APIs that tokens are issued for (RFC 8707), with the scopes they know. */
export interface Resources {
  insert(resource: Resource): Promise<Resource | null>
  find(uri: string): Promise<Resource | null>
  list(): Promise<readonly Resource[]>
  /** Also takes away the permissions that roles have there. */
  delete(uri: string, now: number): Promise<boolean>
}

/** Roles, the permissions they allow at resources, and who holds them. */
export interface Roles {
  insert(name: string, now: number): Promise<boolean>
  /** 'unknown-role' | 'unknown-resource' | 'unknown-permission' where a part is missing; repeating is fine. */
  allow(
    name: string,
    resource: string,
    permission: string,
    now: number,
  ): Promise<'ok' | 'unknown-role' | 'unknown-resource' | 'unknown-permission'>
  grant(name: string, holder: RoleHolder, now: number): Promise<'ok' | 'unknown-role' | 'unknown-holder'>
  /** false where the holder did not have it. */
  revoke(name: string, holder: RoleHolder, now: number): Promise<boolean>
  list(): Promise<readonly Role[]>
  /** Roles of a holder, and what they allow at one resource; both sorted. */
  of(
    holder: RoleHolder,
    resource: string,
  ): Promise<{ readonly roles: readonly string[]; readonly permissions: readonly string[] }>
}
