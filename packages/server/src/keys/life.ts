import type { SigningAlg, SigningKeyRecord } from '../storage/records.ts'

/** Algorithms that Doorward signs with, in the order in which first keys are made. */
export const KEY_ALGS = ['ES256', 'EdDSA', 'RS256'] as const satisfies readonly SigningAlg[]

/** Where a key is in its life, in this order. */
export type KeyState = 'published' | 'signing' | 'retired' | 'gone'

/** Where a key is in its life. `keys` are all of its algorithm. */
export function keyState(key: SigningKeyRecord, keys: readonly SigningKeyRecord[], now: number): KeyState {
  if (key.goneAt !== null && key.goneAt <= now) return 'gone'
  if (key.retiredAt !== null) return 'retired'
  const signer = signerAt(keys, key.alg, now)
  if (signer?.kid === key.kid) return 'signing'
  return key.signsFrom > now ? 'published' : 'retired'
}

/**
 * The key that signs: the last whose time has come. Where none's has (the others retired by a node whose clock
 * is ahead), the first that waits.
 */
export function signerAt<K extends Pick<SigningKeyRecord, 'alg' | 'signsFrom' | 'retiredAt'>>(
  keys: readonly K[],
  alg: SigningAlg,
  now: number,
): K | null {
  let signer: K | null = null
  let waiting: K | null = null
  for (const key of keys) {
    if (key.alg !== alg || key.retiredAt !== null) continue
    if (key.signsFrom <= now) {
      if (signer === null || key.signsFrom >= signer.signsFrom) signer = key
    } else if (waiting === null || key.signsFrom < waiting.signsFrom) waiting = key
  }
  return signer ?? waiting
}

/** Two seconds on top of the JWKS max-age: one for whole-second clocks, one for the other processes to hear of it. */
const NEWS_SECONDS = 2

/** When a key made now may sign: once no JWKS that lacks it is still in a cache (RFC 9111 §5.2.2.1). */
export function signsFromFor(now: number, jwksMaxAgeSeconds: number): number {
  return now + jwksMaxAgeSeconds + NEWS_SECONDS
}

/**
 * A key as this process lets it sign. Whoever made it, such as a command, may have known a shorter max-age than
 * the one that our JWKS goes out with. The first keys and replacements sign at once, whatever it is.
 */
export function heldBack(key: SigningKeyRecord, jwksMaxAgeSeconds: number): SigningKeyRecord {
  if (key.signsFrom <= key.createdAt) return key
  return { ...key, signsFrom: Math.max(key.signsFrom, signsFromFor(key.createdAt, jwksMaxAgeSeconds)) }
}

type KeyChore =
  /** The next key is due to be made and published. */
  | { readonly kind: 'make'; readonly alg: SigningAlg }
  /** `kid` signs; those before it have not been retired yet. */
  | { readonly kind: 'retire'; readonly alg: SigningAlg; readonly kid: string }

/** What the keys need at this moment, so that each signs for `rotateSeconds` at most. */
export function decideKeyChores(
  keys: readonly SigningKeyRecord[],
  settings: { readonly rotateSeconds: number; readonly jwksMaxAgeSeconds: number },
  now: number,
): readonly KeyChore[] {
  return KEY_ALGS.flatMap((alg): readonly KeyChore[] => {
    const ours = keys.filter((key) => key.alg === alg && key.retiredAt === null)
    const signer = signerAt(ours, alg, now)
    if (signer === null || signer.signsFrom > now) return []
    const chores: KeyChore[] = []
    if (ours.some((key) => key.kid !== signer.kid && key.signsFrom <= now))
      chores.push({ kind: 'retire', alg, kid: signer.kid })
    const waits = ours.some((key) => key.signsFrom > now)
    const takesOverAt = signsFromFor(now, settings.jwksMaxAgeSeconds)
    if (!waits && takesOverAt >= signer.signsFrom + settings.rotateSeconds) chores.push({ kind: 'make', alg })
    return chores
  })
}
