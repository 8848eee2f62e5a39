import type { Deps } from '../deps.ts'
import { LOGOUT_TOKEN_SECONDS } from '../policy/lifetimes.ts'
import type { SigningAlg, SigningKeyRecord } from '../storage/records.ts'
import { makeKeyRecord } from './key-record.ts'
import { decideKeyChores, KEY_ALGS, signerAt, signsFromFor } from './life.ts'

/** Clocks of nodes differ a little: a retired key stays this much longer than the last token it signed. */
const CLOCK_DIFFERENCE_SECONDS = 60

type RotationDeps = Pick<Deps, 'config' | 'storage' | 'secrets' | 'audit' | 'clock'>

/** Does what the keys need now: makes the next where one is due, retires those it took over from. True if any. */
export async function runKeyChores(deps: RotationDeps, keys: readonly SigningKeyRecord[]): Promise<boolean> {
  const chores = decideKeyChores(keys, deps.config.keys, deps.clock())
  for (const chore of chores) {
    if (chore.kind === 'make') await publishNext(deps, chore.alg)
    else await retirePredecessors(deps, keys, chore)
  }
  return chores.length > 0
}

/** A key that takes over, and when: seconds. */
export type Rotated = { readonly alg: SigningAlg; readonly kid: string; readonly signsFrom: number }

/**
 * Publishes the next key of every algorithm; each signs once the JWKS has been public for its max-age. An
 * algorithm whose next key waits already keeps it. Answers the keys that take over.
 */
export async function rotateKeys(deps: RotationDeps): Promise<readonly Rotated[]> {
  for (const alg of KEY_ALGS) await publishNext(deps, alg)
  const now = deps.clock()
  const keys = await deps.storage.keys.list(now)
  return keys
    .filter((key) => key.retiredAt === null && key.signsFrom > now)
    .map(({ alg, kid, signsFrom }) => ({ alg, kid, signsFrom }))
}

/**
 * Takes a key away at once: what it signed is refused from now on. Where it was the one that signs, its
 * replacement signs at once. Answers the replacement's kid, null where none is needed, and undefined for an
 * unknown kid.
 */
export async function compromiseKey(deps: RotationDeps, kid: string): Promise<string | null | undefined> {
  const now = deps.clock()
  const keys = await deps.storage.keys.list(now)
  const key = keys.find((candidate) => candidate.kid === kid)
  if (key === undefined) return undefined
  const signs = signerAt(keys, key.alg, now)?.kid === kid
  const replacement = signs ? await makeKeyRecord(key.alg, deps.secrets, { now, signsFrom: now }) : null
  if (!(await deps.storage.keys.compromise(kid, replacement, now))) return undefined
  deps.audit.record({ event: 'key.compromised', kid })
  if (replacement !== null) deps.audit.record({ event: 'key.created', kid: replacement.kid })
  return replacement?.kid ?? null
}

async function publishNext(deps: RotationDeps, alg: SigningAlg): Promise<void> {
  const now = deps.clock()
  const signsFrom = signsFromFor(now, deps.config.keys.jwksMaxAgeSeconds)
  const record = await makeKeyRecord(alg, deps.secrets, { now, signsFrom })
  if (await deps.storage.keys.insertNext(record, now))
    deps.audit.record({ event: 'key.created', kid: record.kid })
}

async function retirePredecessors(
  deps: RotationDeps,
  keys: readonly SigningKeyRecord[],
  next: { readonly alg: SigningAlg; readonly kid: string },
): Promise<void> {
  const now = deps.clock()
  const goneAt = now + (await longestLifetime(deps)) + CLOCK_DIFFERENCE_SECONDS
  await deps.storage.keys.retireBefore(next.alg, next.kid, goneAt, now)
  for (const key of keys) {
    const retires =
      key.alg === next.alg && key.kid !== next.kid && key.retiredAt === null && key.signsFrom <= now
    if (retires) deps.audit.record({ event: 'key.retired', kid: key.kid })
  }
}

/** Seconds that the longest-lived token signed now may live. */
async function longestLifetime({ config, storage }: RotationDeps): Promise<number> {
  const resources = await storage.resources.list()
  return Math.max(
    config.accessToken.lifetimeSeconds,
    config.idToken.lifetimeSeconds,
    LOGOUT_TOKEN_SECONDS,
    ...resources.map((resource) => resource.accessTokenLifetime ?? 0),
  )
}
