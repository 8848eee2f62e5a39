import { ACCESS_TOKEN_TYP, accessTokenClaims, ID_TOKEN_TYP, idTokenClaims, signJwt } from '@doorward/core/jwt'
import type { Deps } from '../deps.ts'
import { pickClaims } from '../identity/claims.ts'
import type { Authentication, Client, Resource, User } from '../storage/records.ts'

type IssueDeps = Pick<Deps, 'config' | 'keyring'>

/** Everything an access token says, decided before. Times in seconds. */
export type AccessTokenFacts = {
  readonly subject: string
  readonly clientId: string
  readonly audience: string
  /** null for the issuer's own audience, unless that is registered too. */
  readonly resource: Resource | null
  readonly scopes: readonly string[]
  readonly jti: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
  /** null for a client's own token. */
  readonly person: { readonly user: User; readonly authentication: Authentication } | null
  /** null where there is no session, or no longer. */
  readonly sid: string | null
}

/** Signs an access token with its resource's algorithm, else the configured one (RFC 9068 §2). */
export async function issueAccessToken(facts: AccessTokenFacts, deps: IssueDeps): Promise<string> {
  const { person, resource } = facts
  const key = await deps.keyring.signer(resource?.signingAlg ?? deps.config.accessToken.signingAlg)
  const claims = accessTokenClaims({
    issuer: deps.config.issuer,
    subject: facts.subject,
    audience: facts.audience,
    issuedAt: facts.issuedAt,
    expiresAt: facts.expiresAt,
    jti: facts.jti,
    clientId: facts.clientId,
    scopes: facts.scopes,
    sid: facts.sid,
    roles: facts.roles,
    permissions: facts.permissions,
    ...(person === null ? {} : personal(person.authentication)),
    ...(person === null || resource === null ? {} : { extra: pickClaims(person.user, resource.claims) }),
  })
  return signJwt({ typ: ACCESS_TOKEN_TYP }, claims, key)
}

/** Everything an ID token says. */
export type IdTokenFacts = {
  readonly client: Client
  readonly user: User
  readonly authentication: Authentication
  readonly sid: string | null
  /** null where none was sent, and on refresh (OpenID Connect Core §12.2). */
  readonly nonce: string | null
  /** The access token beside it, for at_hash. */
  readonly accessToken: string
  /** Claims asked for in the ID token (OpenID Connect Core §5.5). */
  readonly requestedClaims: readonly string[]
  readonly issuedAt: number
}

/** Signs an ID token with the algorithm that its client registered (OpenID Connect Core §2). */
export async function issueIdToken(facts: IdTokenFacts, deps: IssueDeps): Promise<string> {
  const { client, user, issuedAt } = facts
  const key = await deps.keyring.signer(client.metadata.idTokenSignedResponseAlg)
  const claims = idTokenClaims({
    issuer: deps.config.issuer,
    subject: user.id,
    clientId: client.id,
    issuedAt,
    expiresAt: issuedAt + deps.config.idToken.lifetimeSeconds,
    nonce: facts.nonce,
    sid: facts.sid,
    accessToken: { token: facts.accessToken, alg: key.alg },
    extra: pickClaims(user, facts.requestedClaims),
    ...personal(facts.authentication),
  })
  return signJwt({ typ: ID_TOKEN_TYP }, claims, key)
}

function personal({ authTime, acr, amr }: Authentication) {
  return { authTime, acr, amr }
}
