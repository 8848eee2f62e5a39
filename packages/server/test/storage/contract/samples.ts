import { type ClientMetadata, parseClientMetadata } from '@doorward/core'
import {
  randomToken,
  type Sha256,
  sha256,
  type TokenHash,
  timedToken,
  tokenHash,
} from '@doorward/core/crypto'
import type { RefreshTokenSeed, Storage } from '../../../src/storage/ports.ts'
import type {
  AuthorizationCode,
  Client,
  Family,
  Grant,
  Identity,
  Session,
  SigningKeyRecord,
  Successor,
  User,
} from '../../../src/storage/records.ts'

/** The moment of every test that needs none of its own. */
export const NOW = 1_800_000_000
export const DAY = 86_400

/** A hash as it is stored: of a text, by default of one that nobody has. */
export const aHash = (of = randomToken(32)): Sha256 => sha256(of)
/** What is stored of a code or a refresh token. */
export const aTokenHash = (): TokenHash => tokenHash(timedToken(NOW, 7))

/** How many users there are, up to a thousand. */
export const countUsers = async ({ users }: Pick<Storage, 'users'>): Promise<number> =>
  (await users.list({ after: null, limit: 1_000 })).length

export const aUser = (own: Partial<User> = {}): User => {
  const id = `u_${randomToken(16)}`
  return {
    id,
    email: `${id}@example.com`,
    emailVerified: true,
    passwordHash: '$argon2id$sample',
    claims: { name: 'Ada Lovelace', address: { country: 'GB' } },
    disabledAt: null,
    createdAt: NOW,
    updatedAt: NOW,
    ...own,
  }
}

export const anIdentity = (userId: string, own: Partial<Identity> = {}): Identity => ({
  id: `i_${randomToken(16)}`,
  authority: 'https://accounts.example',
  subject: randomToken(16),
  userId,
  provider: 'example',
  label: 'ada@example.com',
  createdAt: NOW,
  lastUsedAt: NOW,
  ...own,
})

export const someMetadata = (own: Record<string, unknown> = {}): ClientMetadata =>
  parseClientMetadata({
    client_name: 'Sample',
    redirect_uris: ['https://app.example/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    ...own,
  })

export const aClient = (own: Partial<Client> = {}): Client => ({
  id: randomToken(16),
  secretHash: aHash(),
  metadata: someMetadata(),
  createdAt: NOW,
  updatedAt: NOW,
  ...own,
})

export const aSession = (userId: string, own: Partial<Session> = {}): Session => ({
  sid: randomToken(16),
  userId,
  authTime: NOW,
  acr: 'aal1',
  amr: ['pwd'],
  createdAt: NOW,
  lastSeenAt: NOW,
  idleExpiresAt: NOW + 12 * 3600,
  expiresAt: NOW + 14 * DAY,
  ...own,
})

export const aGrant = (
  of: { clientId: string; userId: string; sid: string },
  own: Partial<Grant> = {},
): Grant => ({
  ...of,
  scopes: ['openid', 'offline_access'],
  resources: ['https://api.example'],
  claims: { userinfo: ['name'], idToken: [] },
  offline: true,
  authTime: NOW,
  acr: 'aal1',
  amr: ['pwd'],
  ...own,
})

export const aFamily = (grant: Grant, own: Partial<Family> = {}): Family => ({
  id: randomToken(12),
  grant,
  createdAt: NOW,
  expiresAt: NOW + 365 * DAY,
  revokedAt: null,
  ...own,
})

export const aCode = (grant: Grant, own: Partial<AuthorizationCode> = {}): AuthorizationCode => ({
  hash: aTokenHash(),
  grant,
  redirectUri: 'https://app.example/callback',
  codeChallenge: randomToken(32),
  nonce: 'n-0S6_WzA2Mj',
  createdAt: NOW,
  expiresAt: NOW + 60,
  consumedAt: null,
  familyId: randomToken(12),
  ...own,
})

export const aSeed = (own: Partial<RefreshTokenSeed> = {}): RefreshTokenSeed => ({
  hash: aTokenHash(),
  expiresAt: NOW + 30 * DAY,
  ...own,
})

export const aSuccessor = (): Successor => ({ sealed: randomToken(67), scopes: ['openid'] })

/** What a rotation stores: a next token, and how the old one leads to it. */
export const aNext = (own: Partial<RefreshTokenSeed> = {}) => ({
  token: aSeed(own),
  successor: aSuccessor(),
  session: null,
})

export const aKey = (own: Partial<SigningKeyRecord> = {}): SigningKeyRecord => ({
  kid: randomToken(32),
  alg: 'ES256',
  publicJwk: '{"kty":"EC"}',
  sealedPrivateJwk: `v1.${randomToken(40)}`,
  createdAt: NOW,
  signsFrom: NOW,
  retiredAt: null,
  goneAt: null,
  ...own,
})

/** A user signed in at a client. */
export type SignedIn = {
  readonly user: User
  readonly client: Client
  readonly session: Session
  /** Of the session's cookie id. */
  readonly idHash: Sha256
  readonly grant: Grant
}

/** Stores a user, a client and a session, and says what they would be granted. */
export async function signIn(
  storage: Storage,
  own: { client?: Partial<Client>; session?: Partial<Session>; grant?: Partial<Grant> } = {},
): Promise<SignedIn> {
  const user = aUser()
  const client = aClient(own.client)
  const [session, idHash] = [aSession(user.id, own.session), aHash()]
  await storage.users.insert(user)
  await storage.clients.insert(client)
  await storage.sessions.insert(session, idHash)
  return {
    user,
    client,
    session,
    idHash,
    grant: aGrant({ clientId: client.id, userId: user.id, sid: session.sid }, own.grant),
  }
}

/** The live session behind a cookie id, with its user; null where there is none. */
export const findSession = async ({ sessions }: Pick<Storage, 'sessions'>, idHash: Sha256, now = NOW) =>
  (await sessions.findLive([idHash], now))[0] ?? null

/** Stores a code of that grant, redeems it, and answers what it minted. */
export async function mint(storage: Storage, grant: Grant, own: Partial<Family> = {}) {
  const code = aCode(grant)
  const family = aFamily(grant, { id: code.familyId ?? '', ...own })
  const seed = aSeed()
  await storage.codes.insert(code)
  const { generation = -1 } = (await storage.codes.find(code.hash, NOW)) ?? {}
  const redemption = await storage.codes.redeem(code.hash, { family, refreshToken: seed, generation }, NOW)
  if (redemption.kind !== 'redeemed') throw new Error(`the sample code was ${redemption.kind}`)
  return { code, family, seed, token: aToken(family, seed) }
}

/** What is known of a refresh token that rotates. */
export const aToken = (family: Family, seed: RefreshTokenSeed) => ({ hash: seed.hash, familyId: family.id })

/** Whether an access token of a family is live; those of a session carry its sid. */
export const isLive = (storage: Storage, family: Family, own: { sid?: string | null; now?: number } = {}) =>
  storage.accessTokens.isLive(
    {
      jti: `${family.id}.x`,
      familyId: family.id,
      sid: own.sid ?? null,
      userId: family.grant.userId,
      clientId: family.grant.clientId,
    },
    own.now ?? NOW,
  )

/** The same work `times` times at once, in turns on several storages. */
export const atOnce = <T>(
  times: number,
  storages: readonly Storage[],
  work: (storage: Storage, at: number) => Promise<T>,
): Promise<T[]> =>
  Promise.all(
    Array.from({ length: times }, (_, at) => {
      const storage = storages[at % storages.length]
      if (storage === undefined) throw new Error('no storage to work on')
      return work(storage, at)
    }),
  )
