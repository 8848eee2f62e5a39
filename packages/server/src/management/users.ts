import { randomToken } from '@doorward/core/crypto'
import type { Deps } from '../deps.ts'
import { emailKey, parseEmail } from '../identity/email.ts'
import { InputError } from '../identity/input-error.ts'
import { checkPassword } from '../identity/password-policy.ts'
import { parsePhc } from '../identity/phc.ts'
import { checkProfileClaims } from '../identity/standard-claims.ts'
import type { Page } from '../storage/ports.ts'
import type { Identity, User } from '../storage/records.ts'

/** An account as it may be shown: nothing of its password but whether it has one. */
export type UserView = Omit<User, 'passwordHash'> & { readonly hasPassword: boolean }

/** How a person can sign in: by a password, or by an account at a provider. */
export type SignInMethod =
  | { readonly type: 'password' }
  | ({ readonly type: 'provider' } & Omit<Identity, 'userId'>)

/** An account to be made. */
export type NewUser = {
  readonly email: string
  /** The claim `name`. */
  readonly name?: string
  readonly password?: string
  /** An argon2id PHC string, where the password itself is unknown: for moving accounts here. */
  readonly passwordHash?: string
  readonly emailVerified?: boolean
  readonly roles?: readonly string[]
  /** Further standard claims (OpenID Connect Core §5.1). */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** What came of one account of an import; `problem` says why it was left out. */
export type ImportedUser = {
  readonly email: string
  readonly user: UserView | null
  readonly problem: string | null
}

/** Accounts. A `user` is named by e-mail or id; every verb throws InputError where there is none. */
export type UserManagement = {
  create(user: NewUser): Promise<UserView>
  list(page?: Partial<Page>): Promise<readonly UserView[]>
  show(user: string): Promise<UserView>
  /** In the order in which they came about, a password first. */
  signInMethods(user: string): Promise<readonly SignInMethod[]>
  /** Also ends the person's sessions and tokens. */
  setPassword(user: string, password: string): Promise<void>
  disable(user: string): Promise<void>
  enable(user: string): Promise<void>
  delete(user: string): Promise<void>
  /** Makes each account that can be made, and says why not for the others. */
  import(users: Iterable<NewUser> | AsyncIterable<NewUser>): AsyncIterable<ImportedUser>
  /** The account, or null. */
  find(user: string): Promise<UserView | null>
}

type UserManagementDeps = Pick<Deps, 'storage' | 'passwords' | 'audit' | 'clock' | 'config'>

/** Makes the verbs for accounts. */
export function createUserManagement(deps: UserManagementDeps): UserManagement {
  const { storage, audit, clock } = deps
  const need = async (user: string): Promise<User> => (await findUser(deps, user)) ?? unknown()
  const change = async (user: string, verb: (id: string) => Promise<boolean>): Promise<User> => {
    const found = await need(user)
    return (await verb(found.id)) ? found : unknown()
  }
  return {
    create: (user) => createUser(deps, user),
    list: async ({ after = null, limit = 100 } = {}) =>
      (await storage.users.list({ after, limit })).map(view),
    show: async (user) => view(await need(user)),
    async find(user) {
      const found = await findUser(deps, user)
      return found === null ? null : view(found)
    },
    signInMethods: async (user) => methodsOf(await need(user), deps),
    async setPassword(user, password) {
      checkPassword(password, deps.config.password)
      const { id } = await need(user)
      const hash = await deps.passwords.hash(password)
      await change(id, () => storage.users.setPassword(id, hash, clock()))
      audit.record({ event: 'user.password_set', userId: id })
    },
    async disable(user) {
      const { id } = await need(user)
      // False where it is disabled already: then nothing has changed.
      if (await storage.users.disable(id, clock())) audit.record({ event: 'user.disabled', userId: id })
    },
    async enable(user) {
      const { id } = await need(user)
      if (await storage.users.enable(id, clock())) audit.record({ event: 'user.enabled', userId: id })
    },
    async delete(user) {
      const { id } = await change(user, (id) => storage.users.delete(id, clock()))
      audit.record({ event: 'user.deleted', userId: id })
    },
    import: (users) => importUsers(deps, users),
  }
}

async function createUser(deps: UserManagementDeps, input: NewUser): Promise<UserView> {
  const { storage, audit } = deps
  const email = parseEmail(input.email)
  const name = input.name === undefined ? {} : { name: input.name }
  const claims = checkProfileClaims({ ...input.claims, ...name })
  const passwordHash = await hashOf(deps, input)
  const now = deps.clock()
  const record: User = {
    id: `u_${randomToken(16)}`,
    email,
    emailVerified: input.emailVerified ?? false,
    passwordHash,
    claims,
    disabledAt: null,
    createdAt: now,
    updatedAt: now,
  }
  const user = await storage.users.insert(record, input.roles)
  if (user === null) throw new InputError('taken', 'email', 'An account with this e-mail exists already.')
  if (user === 'unknown-role') throw unknownRole()
  audit.record({ event: 'user.created', userId: user.id })
  return view(user)
}

async function hashOf(deps: UserManagementDeps, { password, passwordHash }: NewUser): Promise<string | null> {
  if (password !== undefined) {
    checkPassword(password, deps.config.password)
    return deps.passwords.hash(password)
  }
  if (passwordHash === undefined) return null
  const made = parsePhc(passwordHash)
  // A hash decides the memory and time that each sign-in takes.
  if (made === null || made.memoryKiB > 1_048_576 || made.passes > 20 || made.lanes > 16) {
    throw new InputError(
      'invalid',
      'passwordHash',
      'The password hash must be an argon2id PHC string of at most 1 GiB, 20 passes and 16 lanes.',
    )
  }
  return passwordHash
}

async function* importUsers(
  deps: UserManagementDeps,
  users: Iterable<NewUser> | AsyncIterable<NewUser>,
): AsyncIterable<ImportedUser> {
  for await (const user of users) {
    try {
      yield { email: user.email, user: await createUser(deps, user), problem: null }
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause
      yield { email: user.email, user: null, problem: cause.message }
    }
  }
}

async function findUser({ storage }: UserManagementDeps, user: string): Promise<User | null> {
  return user.includes('@')
    ? storage.users.findByEmailKey(emailKey(user.trim()))
    : storage.users.findById(user)
}

async function methodsOf(
  { id, passwordHash }: User,
  { storage }: UserManagementDeps,
): Promise<readonly SignInMethod[]> {
  const identities = await storage.identities.ofUser(id)
  const password = passwordHash === null ? [] : [{ type: 'password' } as const]
  return [
    ...password,
    ...identities.map(({ userId: _, ...rest }) => ({ type: 'provider', ...rest }) as const),
  ]
}

function view({ passwordHash, ...rest }: User): UserView {
  return { ...rest, hasPassword: passwordHash !== null }
}

function unknownRole(): InputError {
  return new InputError(
    'unknown',
    'roles',
    'There is no role by one of these names. Make it first: doorward roles create NAME',
  )
}

function unknown(): never {
  throw new InputError('unknown', 'user', 'There is no account by this e-mail or id.')
}
