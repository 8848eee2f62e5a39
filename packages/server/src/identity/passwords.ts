import { availableParallelism } from 'node:os'
import { OAuthError } from '@doorward/core'
import { decodeBase64url, randomToken } from '@doorward/core/crypto'
import type { Config } from '../config/schema.ts'
import type { Passwords } from '../deps.ts'
import { normalizePassword } from './password-policy.ts'
import { decoyPhc, parsePhc } from './phc.ts'
import { createWorkQueue } from './work-queue.ts'

/** More at once would take every thread of libuv's pool, which DNS and RSA need too. */
const MOST_AT_ONCE = 4
/** A hash of the default cost takes about 10 ms, so a second empties a hundred places. */
const RETRY_SECONDS = 2

/** argon2id (RFC 9106) off the event loop, a few at a time; the addon is loaded at the first password. */
export function createPasswords(settings: Config['passwordHash']): Passwords {
  const concurrency = settings.concurrency ?? hashesAtOnce(1)
  const queue = createWorkQueue(concurrency, settings.queue)
  const decoy = decoyPhc(settings, randomBytes(16), randomBytes(32))
  const options = { memoryCost: settings.memoryKiB, timeCost: settings.passes, parallelism: settings.lanes }
  let argon2Module: Promise<typeof import('@node-rs/argon2')> | null = null
  // Asked for each time, import would look the package up each time; what failed is tried again.
  const loading = () => {
    argon2Module ??= import('@node-rs/argon2').catch((cause: unknown) => {
      argon2Module = null
      throw cause
    })
    return argon2Module
  }
  const queued = <T>(job: () => Promise<T>): Promise<T> => {
    const result = queue.run(job)
    return result ?? Promise.reject(busy())
  }
  return {
    hash: (password) =>
      queued(async () => {
        const argon2 = await loading()
        return argon2.hash(normalizePassword(password), options)
      }),
    verify: (hash, password, gate) =>
      queued(async () => {
        if (gate !== undefined && !(await gate())) return 'gated'
        const argon2 = await loading()
        const matches = await argon2.verify(hash ?? decoy, normalizePassword(password))
        return matches && hash !== null ? 'match' : 'mismatch'
      }),
    needsRehash(hash) {
      const made = parsePhc(hash)
      return (
        made === null ||
        !(['memoryKiB', 'passes', 'lanes'] as const).every((name) => made[name] === settings[name])
      )
    },
  }
}

/** Hashes under way at once where no setting says it: one for each core, shared among `processes` beside each other. */
export function hashesAtOnce(processes: number): number {
  return Math.max(1, Math.min(Math.floor(availableParallelism() / processes), MOST_AT_ONCE))
}

function randomBytes(length: number): Uint8Array {
  return decodeBase64url(randomToken(length)) ?? new Uint8Array(length)
}

function busy(): OAuthError {
  return new OAuthError(
    'temporarily_unavailable',
    'Too many passwords are being checked. Try again in a moment.',
    {
      reason: 'passwords_busy',
      retryAfter: RETRY_SECONDS,
    },
  )
}
