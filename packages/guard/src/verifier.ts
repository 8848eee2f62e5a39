import { sha256, type VerificationKey } from '@doorward/core/crypto'
import { JwtError } from '@doorward/core/jwt'
import type { Auth } from './auth.ts'
import { createKeySource } from './key-source.ts'
import { parseVerifierOptions, type VerifierOptions } from './options.ts'
import { IssuerError, invalidToken, type Refusal, tokenBound, unavailable } from './refusal.ts'
import { createTokenCache } from './token-cache.ts'
import { checkToken, isBound, parseToken, stillHolds, type VerifiedToken, verifyToken } from './verify.ts'

/** Who calls, or why the token is refused. */
export type Verdict =
  | { readonly auth: Auth; readonly refusal: null }
  | { readonly auth: null; readonly refusal: Refusal }

/** One issuer's keys and the tokens verified with them, for as many routes as like. */
export type Verifier = {
  /** Judges a token: at once where the keys are in hand, else when they have come. A refusal is no error. */
  readonly verify: (token: string) => Verdict | Promise<Verdict>
}

/**
 * Makes a verifier of JWT access tokens (RFC 9068 §4) that several routes can share. Fetches nothing until the
 * first token comes. Throws GuardOptionError.
 *
 * @example
 * const verifier = createVerifier({ issuer: 'https://id.example.com', audience: 'https://api.example.com' })
 * app.get('/orders', requireToken({ verifier, scope: 'orders:read' }), handler)
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const settings = parseVerifierOptions(options)
  const { cacheSize, clock } = settings
  const keySource = createKeySource(settings)
  const cache = createTokenCache<VerifiedToken>(cacheSize)

  const refuse = (error: unknown): Verdict => {
    if (error instanceof JwtError) return { auth: null, refusal: invalidToken(error) }
    if (error instanceof IssuerError)
      return { auth: null, refusal: unavailable(error, keySource.retryAfter()) }
    throw error
  }

  const withKeys = (
    kid: string | null,
    now: number,
    judge: (keys: readonly VerificationKey[]) => Verdict,
  ): Verdict | Promise<Verdict> => {
    const keys = keySource.keysFor(kid, now)
    return keys instanceof Promise ? keys.then(judge).catch(refuse) : judge(keys)
  }

  const verifyFirst = (token: string, digest: string, now: number): Verdict | Promise<Verdict> => {
    const parsed = parseToken(token, settings)
    checkToken(parsed.claims, settings, now)
    if (isBound(parsed.claims)) return { auth: null, refusal: tokenBound }
    return withKeys(parsed.header.kid ?? null, now, (keys) => {
      const verified = verifyToken(parsed, keys, now)
      cache.insert(digest, verified)
      return { auth: verified.auth, refusal: null }
    })
  }

  const verifyAgain = (known: VerifiedToken, now: number): Verdict | Promise<Verdict> => {
    if (!stillHolds(known, settings, now)) checkToken(known.auth.claims, settings, now)
    if (keySource.holds(known.signer, now)) return { auth: known.auth, refusal: null }
    return withKeys(known.kid, now, (keys) => {
      // What was verified with a key falls with it.
      if (!keys.includes(known.signer)) throw new JwtError('key_unknown')
      return { auth: known.auth, refusal: null }
    })
  }

  const verify = (token: string): Verdict | Promise<Verdict> => {
    try {
      const now = clock()
      // Two spellings of one token have two digests, but only one of them parses.
      const digest = cacheSize > 0 ? sha256(token) : ''
      const known = cache.find(digest)
      return known === null ? verifyFirst(token, digest, now) : verifyAgain(known, now)
    } catch (error) {
      return refuse(error)
    }
  }

  return { verify }
}
