import type { ClientMetadata } from '@doorward/core'
import type { Sha256, TokenHash } from '@doorward/core/crypto'

/** All times are integer seconds since 1970. Of codes, tokens, secrets and cookie ids only the Sha256 is kept. */

/** Standard claims of OpenID Connect Core §5.1 but sub, email and email_verified, which have columns. */
export type ProfileClaims = Readonly<Record<string, unknown>>

/** A person who can sign in. */
export type User = {
  /** The `sub` of tokens: random, never reused. */
  readonly id: string
  /** As it was entered, in NFC. Compared by `emailKey(email)`. */
  readonly email: string
  readonly emailVerified: boolean
  /** argon2id PHC string. */
  readonly passwordHash: string | null
  readonly claims: ProfileClaims
  readonly disabledAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** An account at another provider that signs a user in here. */
export type Identity = {
  readonly id: string
  /** What `subject` is unique under: the issuer, or what stands for it where the provider has none. */
  readonly authority: string
  /** Who it is there. */
  readonly subject: string
  readonly userId: string
  /** The id, in the settings, of the provider it was last used through. */
  readonly provider: string
  /** How its owner recognises it: the e-mail, or else the name, that the provider said last. */
  readonly label: string | null
  readonly createdAt: number
  readonly lastUsedAt: number
}

/** An application that is registered here (RFC 7591 §2). */
export type Client = {
  readonly id: string
  /** null for clients that prove themselves by key or not at all. */
  readonly secretHash: Sha256 | null
  readonly metadata: ClientMetadata
  readonly createdAt: number
  readonly updatedAt: number
}

/** An API that tokens are issued for (RFC 8707), and how its tokens are made. */
export type Resource = {
  /** The `aud` of its tokens: an absolute URI without fragment (RFC 8707 §2). */
  readonly uri: string
  readonly name: string | null
  readonly scopes: readonly string[]
  /** User claims its access tokens carry (RFC 9068 §2.2.2). */
  readonly claims: readonly string[]
  readonly accessTokenLifetime: number | null
  readonly signingAlg: SigningAlg | null
  readonly createdAt: number
}

/** Algorithms the server signs with (RFC 7518 §3.1, RFC 8037 §3.1). */
export type SigningAlg = 'ES256' | 'RS256' | 'EdDSA'

/** Who can hold a role: a person, or a client in its own name. */
export type RoleHolder = { readonly kind: 'user' | 'client'; readonly id: string }

/** A role: what it allows at which resource, and who holds it. */
export type Role = {
  readonly name: string
  readonly permissions: readonly { readonly resource: string; readonly permission: string }[]
  readonly holders: readonly RoleHolder[]
}

/** How and when a person proved who they are. */
export type Authentication = {
  readonly authTime: number
  readonly acr: string
  readonly amr: readonly string[]
}

/** A sign-in that lasts; its ends are moments, the idle one moves on with activity. */
export type Session = Authentication & {
  /** The public id that tokens carry; survives a renewed sign-in of the same person. */
  readonly sid: string
  readonly userId: string
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly idleExpiresAt: number
  readonly expiresAt: number
}

/** What one requested claim asks for (OpenID Connect Core §5.5.1). */
export type ClaimsRequest = {
  readonly userinfo: readonly string[]
  readonly idToken: readonly string[]
}

/** What was authorized: the facts that a code and its family share. */
export type Grant = Authentication & {
  readonly clientId: string
  readonly userId: string
  readonly sid: string
  readonly scopes: readonly string[]
  /** Granted audiences, first one the default. Never empty. */
  readonly resources: readonly string[]
  readonly claims: ClaimsRequest
  /** True where offline_access was granted: the family outlives the session. */
  readonly offline: boolean
}

/** An authorization code as it is kept: the hash of its text, and what it stands for (RFC 6749 §1.3.1). */
export type AuthorizationCode = {
  readonly hash: TokenHash
  readonly grant: Grant
  /** null for codes of first-party sign-in, which have none. */
  readonly redirectUri: string | null
  readonly codeChallenge: string | null
  readonly nonce: string | null
  readonly createdAt: number
  readonly expiresAt: number
  readonly consumedAt: number | null
  /** The family that its first use mints; null in a code that was stored before codes named one. */
  readonly familyId: string | null
}

/** One authorization's tokens: the access tokens whose jti starts with its id, and a chain of refresh tokens. */
export type Family = {
  readonly id: string
  readonly grant: Grant
  readonly createdAt: number
  readonly expiresAt: number
  readonly revokedAt: number | null
}

/** One refresh token of a family as it is kept: the hash of its text (RFC 6749 §1.5). */
export type RefreshToken = {
  readonly hash: TokenHash
  readonly familyId: string
  readonly createdAt: number
  /** Idle end; never past the family's own. */
  readonly expiresAt: number
  readonly rotatedAt: number | null
  readonly successor: Successor | null
}

/** What a rotated token keeps of its own rotation. */
export type Successor = {
  /** The next refresh token, sealed under a keystream derived from this one: the database alone opens nothing. */
  readonly sealed: string
  /** The scopes that the rotation's access token was given. */
  readonly scopes: readonly string[]
}

/** A code with all that decides whether it is good, read at one moment. */
export type PresentedCode = {
  readonly code: AuthorizationCode
  readonly user: User
  /** null once the session has ended or expired. */
  readonly session: Session | null
  /** The user's, and so that of a session that is live, which keeps it. */
  readonly generation: number
}

/** A refresh token with all that decides whether it is good, read at one moment. */
export type PresentedRefreshToken = {
  readonly token: RefreshToken
  readonly family: Family
  readonly user: User
  /** null once the session has ended or expired. */
  readonly session: Session | null
}

/** A signing key from its announcement to the end of the last token it signed (RFC 7517). */
export type SigningKeyRecord = {
  readonly kid: string
  readonly alg: SigningAlg
  /** Public JWK as JSON. */
  readonly publicJwk: string
  /** Private JWK, sealed; null once it has retired. */
  readonly sealedPrivateJwk: string | null
  readonly createdAt: number
  /** When it may sign. */
  readonly signsFrom: number
  /** When it stopped to sign; null while it waits or signs. */
  readonly retiredAt: number | null
  /** When it leaves the JWKS: the end of the last token it signed; null while it waits or signs. */
  readonly goneAt: number | null
}

/** One change that the other processes on this database have to hear of. */
export type OutboxEntry = {
  readonly id: number
  readonly kind: 'keys' | 'client' | 'resource' | 'role' | 'user' | 'revocation'
  /** kid · client id · URI · role name · user id · of a revocation `family:<id>`, `sid:<sid>` or `jti:<jti>`. */
  readonly subject: string
  readonly createdAt: number
}

/** A cross-site POST to authorize or logout, kept until its own GET. */
export type KeptRequest = {
  readonly hash: Sha256
  readonly endpoint: 'authorize' | 'logout'
  /** The form, urlencoded. */
  readonly form: string
  readonly expiresAt: number
}

/** A logout token that a client is still to be sent (Back-Channel Logout §2.5). */
export type LogoutDelivery = {
  readonly id: string
  readonly clientId: string
  readonly userId: string
  readonly sid: string
  readonly attempts: number
  readonly nextAttemptAt: number
}
