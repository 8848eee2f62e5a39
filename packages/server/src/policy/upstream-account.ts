import type { Provider } from '@doorward/client/providers'
import type { Identity, User } from '../storage/records.ts'

/** Why somebody who proved to a provider who they are is not let in here. */
export type AdmissionRefusal =
  | 'registration_closed'
  | 'email_in_use'
  | 'email_missing'
  | 'user_disabled'
  | 'subject_malformed'

/** What decides on a sign-in that a provider vouches for, read at one moment. */
export type AdmissionFacts = {
  /** Whose (authority, subject) it is already. */
  readonly known: User | null
  /** The address that the provider names; null where there is none, or none that an account can have. */
  readonly email: string | null
  /** True where the provider says that the address was proven, and its word counts. */
  readonly emailProven: boolean
  /** The account with that address. */
  readonly local: User | null
  readonly registration: 'open' | 'closed'
}

/** `reclaimed`: the account is given to the owner of its address, and nothing of whoever had it before stays. */
export type AdmissionVerdict =
  | { readonly kind: 'known' | 'linked' | 'reclaimed'; readonly user: User }
  | { readonly kind: 'created'; readonly email: string }
  | { readonly kind: 'refused'; readonly cause: AdmissionRefusal }

/**
 * Whom a sign-in with a provider lets in. A known subject is its account. An address joins an account only where both
 * sides have proven it; an account whose address nobody has proven is never joined as it is, for whoever made it may
 * still have its password (pre-account hijack), but the proven owner gets it.
 */
export function decideAdmission(facts: AdmissionFacts): AdmissionVerdict {
  const { known, email, local, registration, emailProven } = facts
  if (known !== null) return enter('known', known)
  if (local === null || !emailProven) {
    // Before all else: who may not register is not told which addresses have accounts.
    if (registration === 'closed') return refuse('registration_closed')
    if (email === null) return refuse('email_missing')
    return local === null ? { kind: 'created', email } : refuse('email_in_use')
  }
  return enter(local.emailVerified ? 'linked' : 'reclaimed', local)
}

function enter(kind: 'known' | 'linked' | 'reclaimed', user: User): AdmissionVerdict {
  return user.disabledAt === null ? { kind, user } : refuse('user_disabled')
}

function refuse(cause: AdmissionRefusal): AdmissionVerdict {
  return { kind: 'refused', cause }
}

/**
 * What the subjects of a provider are unique under: the issuer that its ID token was verified against (OpenID Connect
 * Core §2), or the origin of its token endpoint. Not its id, which an operator may rename or point elsewhere.
 */
export function authorityOf(provider: Provider, issuer: string | null): string {
  if (issuer !== null) return issuer
  if (provider.issuer !== undefined) return provider.issuer
  return new URL(provider.endpoints?.token ?? '').origin
}

/** The provider through which an identity signs in under the present settings, or null. */
export function providerOf<P extends Provider>(identity: Identity, providers: readonly P[]): P | null {
  const own = providers.filter((provider) => vouchesFor(provider, identity))
  return own.find(({ id }) => id === identity.provider) ?? own[0] ?? null
}

/** Of an issuer with a place for tenants its origin and the id tell: the id alone may have been another provider's. */
function vouchesFor(provider: Provider, { authority, provider: id }: Identity): boolean {
  const own = authorityOf(provider, null)
  if (provider.quirks?.issuerTemplate !== true) return own === authority
  return provider.id === id && new URL(own).origin === new URL(authority).origin
}
