import type { Profile } from '@doorward/client/providers'
import { OAuthError } from '@doorward/core'
import { randomToken } from '@doorward/core/crypto'
import type { ConfiguredProvider } from '../config/providers.ts'
import type { Deps } from '../deps.ts'
import {
  type AdmissionFacts,
  type AdmissionRefusal,
  type AdmissionVerdict,
  decideAdmission,
} from '../policy/upstream-account.ts'
import type { KnownIdentity, ProvenUser } from '../storage/ports.ts'
import type { Identity, ProfileClaims, User } from '../storage/records.ts'
import { emailKey, parseEmail } from './email.ts'
import { InputError } from './input-error.ts'
import { checkProfileClaims } from './standard-claims.ts'

/** Who arrived from a provider, proven by it. */
export type UpstreamPerson = {
  readonly provider: ConfiguredProvider
  /** What `profile.subject` is unique under (`authorityOf`). */
  readonly authority: string
  readonly profile: Profile
}

/** Where a sign-in comes from, for the log. */
export type Origin = {
  readonly ip: string
  readonly reference: string | null
  readonly clientId: string | null
}

/** What became of a sign-in with a provider. */
export type Admission =
  | {
      readonly kind: 'admitted'
      readonly proven: ProvenUser
      readonly identityId: string
      readonly how: 'known' | 'linked' | 'reclaimed' | 'created'
    }
  | {
      readonly kind: 'refused'
      readonly cause: AdmissionRefusal
      /** For the log alone: the account that it was about. */
      readonly userId: string | null
    }

/** What became of linking. `taken`: the account of the provider signs in somebody else. */
export type Linking =
  | { readonly kind: 'linked' | 'already'; readonly identityId: string }
  | { readonly kind: 'taken' | 'session_ended' | 'subject_malformed' }

type AccountDeps = Pick<Deps, 'config' | 'storage' | 'audit' | 'clock'>

/** Somebody else may change what was read before it is acted on; each turn then reads anew. */
const TURNS = 5

/**
 * Lets in whom a provider vouches for: finds, links, reclaims or makes the account (policy/upstream-account), each by one
 * storage verb, and puts on record what happened to the account; the sign-in itself is the caller's to record. Throws
 * temporarily_unavailable where the account changes all the time.
 */
export async function admitUpstream(
  person: UpstreamPerson,
  from: Origin,
  deps: AccountDeps,
): Promise<Admission> {
  if (!isStorable(person.profile.subject))
    return { kind: 'refused', cause: 'subject_malformed', userId: null }
  for (let turn = 0; turn < TURNS; turn += 1) {
    const facts = await load(person, deps)
    const verdict = decideAdmission({ ...facts, registration: deps.config.registration })
    if (verdict.kind === 'refused') {
      return { ...verdict, userId: (facts.known ?? facts.local)?.id ?? null }
    }
    const admission = await commit(person, verdict, facts, deps)
    if (admission === null) continue
    const record = { provider: person.provider.id, userId: admission.proven.user.id, ...from }
    for (const event of CHANGES[admission.how]) deps.audit.record({ event, ...record })
    return admission
  }
  throw contended()
}

/**
 * Links whom a provider vouches for with the user of a live session, and puts it on record. Whether the sign-in of that
 * session is fresh enough is the caller's to check.
 */
export async function linkUpstream(
  person: UpstreamPerson,
  to: { readonly userId: string; readonly sid: string },
  from: Origin,
  deps: AccountDeps,
): Promise<Linking> {
  const { authority, profile } = person
  if (!isStorable(profile.subject)) return { kind: 'subject_malformed' }
  const identity = newIdentity(person, to.userId, deps.clock())
  const record = { provider: person.provider.id, userId: to.userId, sid: to.sid, ...from }
  const linked = await deps.storage.identities.insertInSession(identity, to.sid)
  if (linked === 'session_ended') return { kind: 'session_ended' }
  if (linked === 'linked') {
    deps.audit.record({ event: 'identity.linked', ...record })
    return { kind: 'linked', identityId: identity.id }
  }
  const known = await deps.storage.identities.find(authority, profile.subject)
  if (known?.proven.user.id === to.userId) {
    await deps.storage.identities.touch(known.identity.id, seen(person), deps.clock())
    return { kind: 'already', identityId: known.identity.id }
  }
  deps.audit.record({ event: 'identity.refused', reason: 'identity_taken', ...record })
  return { kind: 'taken' }
}

type Loaded = Omit<AdmissionFacts, 'registration'> & {
  readonly identity: KnownIdentity | null
  readonly owner: ProvenUser | null
}

async function load(
  { provider, authority, profile }: UpstreamPerson,
  { storage }: AccountDeps,
): Promise<Loaded> {
  const identity = await storage.identities.find(authority, profile.subject)
  const email = emailOf(profile)
  const owner =
    identity !== null || email === null ? null : await storage.users.findForSignIn(emailKey(email))
  return {
    identity,
    owner,
    known: identity?.proven.user ?? null,
    email,
    emailProven: isAsNamed(email, profile) && profile.emailVerified && provider.linkByEmail,
    local: owner?.user ?? null,
  }
}

type Admitted = Extract<Admission, { kind: 'admitted' }>

/** null where the verdict's ground has shifted meanwhile. */
async function commit(
  person: UpstreamPerson,
  verdict: Exclude<AdmissionVerdict, { kind: 'refused' }>,
  { identity: known, owner, email, emailProven }: Loaded,
  deps: AccountDeps,
): Promise<Admitted | null> {
  const { identities } = deps.storage
  const now = deps.clock()
  if (verdict.kind === 'known') {
    if (known === null || !(await identities.touch(known.identity.id, seen(person), now))) return null
    return { kind: 'admitted', proven: known.proven, identityId: known.identity.id, how: 'known' }
  }
  if (verdict.kind === 'created') {
    const user = newUser(person.profile, { email: verdict.email, emailVerified: emailProven }, now)
    const identity = newIdentity(person, user.id, now)
    if (!(await identities.insertWithUser(identity, user))) return null
    return { kind: 'admitted', proven: { user, generation: 0 }, identityId: identity.id, how: 'created' }
  }
  if (owner === null || email === null) return null
  const identity = newIdentity(person, owner.user.id, now)
  const claims = claimsOf(person.profile)
  const proven =
    verdict.kind === 'reclaimed'
      ? await identities.reclaim(identity, { email, claims, generation: owner.generation })
      : (await identities.insertForOwner(identity, owner)) && owner
  return proven ? { kind: 'admitted', proven, identityId: identity.id, how: verdict.kind } : null
}

function newUser(
  profile: Profile,
  { email, emailVerified }: Pick<User, 'email' | 'emailVerified'>,
  now: number,
): User {
  return {
    id: `u_${randomToken(16)}`,
    email,
    emailVerified,
    passwordHash: null,
    claims: claimsOf(profile),
    disabledAt: null,
    createdAt: now,
    updatedAt: now,
  }
}

function newIdentity(person: UpstreamPerson, userId: string, now: number): Identity {
  return {
    id: `i_${randomToken(16)}`,
    authority: person.authority,
    subject: person.profile.subject,
    userId,
    ...seen(person),
    createdAt: now,
    lastUsedAt: now,
  }
}

const LONGEST_LABEL = 254

function seen({ provider, profile }: UpstreamPerson): Pick<Identity, 'provider' | 'label'> {
  const label = (profile.email ?? profile.name ?? '').replace(/\p{C}/gu, '').trim()
  return { provider: provider.id, label: label === '' ? null : label.slice(0, LONGEST_LABEL) }
}

/** What of a profile an account can hold; the rest is left out, never a reason to refuse. */
function claimsOf({ name, picture }: Profile): ProfileClaims {
  return { ...claim('name', name), ...claim('picture', picture) }
}

function claim(name: string, value: string | null): ProfileClaims {
  return orNull(() => checkProfileClaims({ [name]: value })) ?? {}
}

function emailOf({ email }: Profile): string | null {
  return email === null ? null : orNull(() => parseEmail(email))
}

/** What normalizing makes of an address is not what the provider sent its mail to: U+212A becomes the letter K. */
function isAsNamed(kept: string | null, { email }: Profile): boolean {
  return kept !== null && kept === email?.trim()
}

function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

/**
 * At most 255 characters (OpenID Connect Core §2), and no controls, which PostgreSQL does not take. Of half a surrogate
 * pair UTF-8 makes U+FFFD, whichever it was: two people would be one.
 */
function isStorable(subject: string): boolean {
  return subject !== '' && subject.length <= 255 && !/[\p{Cc}\p{Cs}]/u.test(subject)
}

type AccountEvent = 'user.created' | 'user.reclaimed' | 'identity.linked'

/** What happens to accounts, by how somebody got in. */
const CHANGES: Readonly<Record<Admitted['how'], readonly AccountEvent[]>> = {
  known: [],
  linked: ['identity.linked'],
  reclaimed: ['user.reclaimed', 'identity.linked'],
  created: ['user.created', 'identity.linked'],
}

function contended(): OAuthError {
  return new OAuthError('temporarily_unavailable', 'The account changes at this moment. Try again.', {
    reason: 'account_contended',
    retryAfter: 1,
  })
}
