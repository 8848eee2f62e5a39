import { sha256, type VerificationKey } from '@doorward/core/crypto'
import {
  ACCESS_TOKEN_TYP,
  type AccessTokenClaims,
  checkClaims,
  checkTyp,
  findSigner,
  JwtError,
  parseAccessTokenClaims,
  parseJwt,
} from '@doorward/core/jwt'
import type { Deps } from '../deps.ts'
import { BoundedMap } from '../memory/bounded-map.ts'
import { familyOf } from './jti.ts'

type VerifyDeps = Pick<Deps, 'config' | 'keyring' | 'storage' | 'clock'>

/** Reads access tokens of our own. */
export type OwnAccessTokens = {
  /** What a token of ours says that has not expired; null for anything else. Says nothing of revocation. */
  read(token: string): AccessTokenClaims | null
  /** One statement: is it not revoked, and do its client, user, session and family all live? */
  isLive(claims: AccessTokenClaims): Promise<boolean>
}

/** How many tokens are remembered as verified. */
const MAX_KNOWN = 4096

type Known = { readonly claims: AccessTokenClaims; readonly key: VerificationKey }

/**
 * Verifies access tokens, and remembers which were: a signature is checked once, time and revocation each
 * time. What is remembered is bounded, found by a digest of the whole token, and falls with its key.
 */
export function ownAccessTokens(deps: VerifyDeps): OwnAccessTokens {
  const known = new BoundedMap<string, Known>(MAX_KNOWN)
  return {
    read(token) {
      const digest = sha256(token)
      const entry = known.get(digest)
      if (entry !== undefined && stillHolds(entry, deps)) return entry.claims
      known.delete(digest)
      const verified = verify(token, deps)
      if (verified !== null) known.set(digest, verified)
      return verified?.claims ?? null
    },
    isLive: (claims) => deps.storage.accessTokens.isLive(factsOf(claims), deps.clock()),
  }
}

function stillHolds({ claims, key }: Known, deps: VerifyDeps): boolean {
  if (claims.expiresAt <= deps.clock()) return false
  return deps.keyring.verificationKeys().some(({ kid }) => kid === key.kid)
}

function verify(token: string, deps: VerifyDeps): Known | null {
  try {
    const parsed = parseJwt(token)
    checkTyp(parsed.header, [ACCESS_TOKEN_TYP])
    checkClaims(parsed.claims, { issuer: deps.config.issuer, now: deps.clock() })
    const key = findSigner(parsed, deps.keyring.verificationKeys())
    return { claims: parseAccessTokenClaims(parsed.claims), key }
  } catch (error) {
    if (error instanceof JwtError) return null
    throw error
  }
}

function factsOf(claims: AccessTokenClaims) {
  const familyId = familyOf(claims.jti)
  return {
    jti: claims.jti,
    familyId,
    sid: claims.sid,
    userId: familyId === null ? null : claims.subject,
    clientId: claims.clientId,
  }
}
