import type { ConfiguredProvider } from '../config/providers.ts'
import type { Deps } from '../deps.ts'
import { providerOf } from '../policy/upstream-account.ts'
import type { Identity, User } from '../storage/records.ts'
import type { Origin } from './upstream-account.ts'

/** An identity, and the provider through which it signs in; null where none is configured any more. */
export type LinkedIdentity = { readonly identity: Identity; readonly provider: ConfiguredProvider | null }

/** How a person can get into an account. */
export type WaysIn = {
  readonly hasPassword: boolean
  readonly linked: readonly LinkedIdentity[]
  /** The providers that nothing is linked of. */
  readonly free: readonly ConfiguredProvider[]
}

/** Reads them. */
export async function waysInto(
  { id, passwordHash }: User,
  { config, storage }: Pick<Deps, 'config' | 'storage'>,
): Promise<WaysIn> {
  const identities = await storage.identities.ofUser(id)
  const linked = identities.map((identity) => ({
    identity,
    provider: providerOf(identity, config.providers),
  }))
  const free = config.providers.filter((own) => linked.every(({ provider }) => provider?.id !== own.id))
  return { hasPassword: passwordHash !== null, linked, free }
}

/** The identities beside this one that would still sign the person in. */
export function othersThan(identityId: string, { linked }: WaysIn): readonly LinkedIdentity[] {
  return linked.filter(({ identity, provider }) => identity.id !== identityId && provider !== null)
}

/** True where the person can get in without this identity. */
export function canSpare(identityId: string, ways: WaysIn): boolean {
  return ways.hasPassword || othersThan(identityId, ways).length > 0
}

/**
 * Unlinks an identity of the user, and puts it on record. `last`: nothing else would let the person in. `unknown`: it is
 * not theirs, or was unlinked before.
 */
export async function unlink(
  identityId: string,
  user: User,
  from: Omit<Origin, 'clientId'> & { readonly sid: string },
  deps: Pick<Deps, 'config' | 'storage' | 'audit'>,
): Promise<'deleted' | 'last' | 'unknown'> {
  const ways = await waysInto(user, deps)
  const others = othersThan(identityId, ways).map(({ identity }) => identity.id)
  const outcome = await deps.storage.identities.delete(identityId, user.id, others)
  if (outcome !== 'deleted') return outcome
  const provider = ways.linked.find(({ identity }) => identity.id === identityId)?.identity.provider ?? null
  deps.audit.record({ event: 'identity.unlinked', userId: user.id, provider, ...from })
  return outcome
}
