import { ClientError } from '../errors.ts'
import type { Claims, Profile, ProfileSource } from '../providers/provider.ts'
import type { AuthorizationAnswer } from './authorization-answer.ts'
import { verifyIdToken } from './id-token.ts'
import type { ProviderDeps } from './provider-deps.ts'
import type { TokenAnswer } from './token-answer.ts'
import { requestTokens } from './token-request.ts'
import type { TokenSet } from './token-set.ts'
import type { Transaction } from './transaction.ts'
import { findExtra, findUserinfo } from './userinfo.ts'

/** Somebody who proved to the provider who they are. */
export type SignedIn = {
  readonly profile: Profile
  /** Who vouches for the subject: the verified ID token's `iss`; null where there is none. */
  readonly issuer: string | null
  /** What ID token and userinfo say, but for what is only of use to the protocol. */
  readonly claims: Claims
  readonly tokens: TokenSet
  /** The provider's own session, as a back-channel logout would name it. */
  readonly upstreamSid: string | null
}

/**
 * Exchanges a code for tokens (RFC 6749 §4.1.3) and finds out who signed in. Throws ClientError, and nothing is kept.
 */
export async function exchangeCode(
  code: string,
  { verifier, nonce }: Pick<Transaction, 'verifier' | 'nonce'>,
  answer: AuthorizationAnswer,
  deps: ProviderDeps,
): Promise<SignedIn> {
  const { provider, redirectUri } = deps
  const proof = provider.pkce ? { code_verifier: verifier } : {}
  const parameters = { code, redirect_uri: redirectUri, ...proof }
  const tokenAnswer = await requestTokens('authorization_code', parameters, deps)
  const idClaims = await claimsOf(tokenAnswer, nonce, deps)
  const userinfo = await findUserinfo(tokenAnswer, idClaims, deps)
  const extra =
    provider.quirks?.userField === true
      ? parseUserField(answer.user)
      : await findExtra(tokenAnswer.tokens.accessToken, deps)
  const { sid, iss } = idClaims
  return {
    profile: readProfile({ claims: idClaims, userinfo: userinfo ?? {}, extra }, deps),
    issuer: typeof iss === 'string' ? iss : null,
    claims: spoken({ ...(userinfo === tokenAnswer.members ? {} : userinfo), ...idClaims }),
    tokens: tokenAnswer.tokens,
    upstreamSid: typeof sid === 'string' ? sid : null,
  }
}

async function claimsOf(
  { tokens, answeredAt }: TokenAnswer,
  nonce: string,
  deps: ProviderDeps,
): Promise<Claims> {
  const { provider } = deps
  if (provider.protocol === 'oauth2') return {}
  const { idToken, accessToken } = tokens
  if (idToken === null) throw new ClientError('id_token_missing', { provider: provider.id })
  return verifyIdToken(idToken, { nonce, accessToken, answeredAt }, deps)
}

/** Comes through the browser, so that nobody may rely on it: a name at most is read from it. */
function parseUserField(user: string | null): unknown {
  try {
    return user === null ? null : JSON.parse(user)
  } catch {
    return null
  }
}

/** Throws profile_incomplete. */
function readProfile(source: ProfileSource, { provider }: ProviderDeps): Profile {
  const profile = tryProfile(source, provider.profile, provider.id)
  if (profile.subject !== '') return profile
  throw new ClientError('profile_incomplete', { provider: provider.id })
}

function tryProfile(
  source: ProfileSource,
  profile: (source: ProfileSource) => Profile,
  provider: string,
): Profile {
  try {
    return profile(source)
  } catch (cause) {
    if (cause instanceof ClientError) throw cause
    throw new ClientError('profile_incomplete', { provider, cause })
  }
}

const PROTOCOL = new Set([
  'aud',
  'azp',
  'at_hash',
  'c_hash',
  'exp',
  'iat',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'sid',
])

function spoken(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !PROTOCOL.has(name)))
}
