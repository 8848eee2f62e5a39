import { sha256, type VerificationKey } from '@doorward/core/crypto'
import { JwtError } from '@doorward/core/jwt'
import type { Auth } from './auth.ts'
import { createKeySource, type KeySource } from './key-source.ts'
import { parseVerifierOptions, type VerifierOptions, type VerifierSettings } from './options.ts'
import { IssuerError, invalidToken, type Refusal, tokenBound, unavailable } from './refusal.ts'
import { createTokenCache, type TokenCache } from './token-cache.ts'
import { turnsEnd } from './turns-end.ts'
import { checkToken, isBound, parseToken, stillHolds, type VerifiedToken, verifyToken } from './verify.ts'

/** Who calls, or why the token is refused. */
export type Verdict =
  | { readonly auth: Auth; readonly refusal: null }
  | { readonly auth: null; readonly refusal: Refusal }

/** One issuer's keys and the tokens verified with them, for as many routes as like. */
export type Verifier = {
  /**
   * Judges a token: at once where it is remembered or refused, else when its keys have come and all tokens that arrived with it
   * are checked. A refusal is no error.
   */
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
  const keySource = createKeySource(settings)
  const parts: Parts = { settings, keySource, cache: createTokenCache(settings.cacheSize) }
  return {
    verify: (token) => {
      try {
        return verify(token, parts)
      } catch (error) {
        return refuse(error, keySource)
      }
    },
  }
}

type Parts = {
  readonly settings: VerifierSettings
  readonly keySource: KeySource
  readonly cache: TokenCache<VerifiedToken>
}

function verify(token: string, parts: Parts): Verdict | Promise<Verdict> {
  const { settings, cache } = parts
  const now = settings.clock()
  // Two spellings of one token have two digests, but only one of them parses.
  const digest = settings.cacheSize > 0 ? sha256(token) : ''
  const known = cache.find(digest)
  return known === null ? verifyFirst(token, digest, now, parts) : verifyAgain(known, now, parts)
}

function verifyFirst(token: string, digest: string, now: number, parts: Parts): Verdict | Promise<Verdict> {
  const { settings, keySource, cache } = parts
  const parsed = parseToken(token, settings)
  checkToken(parsed.claims, settings, now)
  if (isBound(parsed.claims)) return { auth: null, refusal: tokenBound }
  return withKeys(keySource, parsed.header.kid ?? null, now, (keys) => {
    const verified = verifyToken(parsed, keys, now)
    cache.insert(digest, verified)
    return afterTheOthers({ auth: verified.auth, refusal: null })
  })
}

/**
 * A signature takes longer than all else about a request, so those that arrived together are all checked before the first of
 * their requests goes on.
 */
async function afterTheOthers(verdict: Verdict): Promise<Verdict> {
  await turnsEnd()
  return verdict
}

function verifyAgain(known: VerifiedToken, now: number, parts: Parts): Verdict | Promise<Verdict> {
  const { settings, keySource } = parts
  if (!stillHolds(known, settings, now)) checkToken(known.auth.claims, settings, now)
  if (keySource.holds(known.signer, now)) return { auth: known.auth, refusal: null }
  return withKeys(keySource, known.kid, now, (keys) => {
    // What was verified with a key falls with it.
    if (!keys.includes(known.signer)) throw new JwtError('key_unknown')
    return { auth: known.auth, refusal: null }
  })
}

function withKeys(
  keySource: KeySource,
  kid: string | null,
  now: number,
  judge: (keys: readonly VerificationKey[]) => Verdict | Promise<Verdict>,
): Verdict | Promise<Verdict> {
  const keys = keySource.keysFor(kid, now)
  return keys instanceof Promise ? keys.then(judge).catch((error) => refuse(error, keySource)) : judge(keys)
}

function refuse(error: unknown, keySource: KeySource): Verdict {
  if (error instanceof JwtError) return { auth: null, refusal: invalidToken(error) }
  if (error instanceof IssuerError) return { auth: null, refusal: unavailable(error, keySource.retryAfter()) }
  throw error
}
