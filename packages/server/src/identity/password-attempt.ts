import { OAuthError, type Reason } from '@doorward/core'
import type { Deps } from '../deps.ts'
import type { ProvenUser } from '../storage/ports.ts'
import type { User } from '../storage/records.ts'
import { emailKey } from './email.ts'
import { signInLimits } from './throttle.ts'

/** One try to sign in, by whichever door. */
type PasswordAttempt = {
  readonly email: string
  readonly password: string
  readonly ip: string
  readonly clientId: string | null
  /** The request's short id, for the log. */
  readonly reference: string | null
}

/** `waitSeconds` is null where the pair did not match, and a number where the throttle did not let it be tried. */
export type AttemptOutcome<Entered> =
  | { readonly kind: 'match'; readonly entered: Entered }
  | { readonly kind: 'refused'; readonly waitSeconds: number | null }

type AttemptDeps = Pick<Deps, 'config' | 'storage' | 'passwords' | 'audit' | 'clock'>

/**
 * Checks e-mail and password under the throttle (SP 800-63B-4 §3.2.2). The work and the answer are the same
 * whether or not the account exists, is disabled or has a password. The try is counted when its turn in the
 * queue comes, so that a thousand at once cannot all slip in before the first has failed; a success takes its
 * count back while `enter` writes for whom it let in, on the embedded database in one commit. Throws temporarily_unavailable where
 * the queue is full, and what `enter` throws.
 */
export async function attemptPassword<Entered>(
  attempt: PasswordAttempt,
  deps: AttemptDeps,
  enter: (person: ProvenUser) => Promise<Entered>,
): Promise<AttemptOutcome<Entered>> {
  // PostgreSQL takes no NUL in a text, and no address has one.
  const key = emailKey(attempt.email.trim()).replaceAll('\0', '')
  const limits = signInLimits(deps.config, key, attempt.ip)
  const waiting = await deps.storage.limits.wait(limits.both, deps.clock())
  if (waiting !== null) return throttled(attempt, waiting, deps)
  const found = await deps.storage.users.findForSignIn(key)
  const user = found?.user ?? null
  let wait: number | null = null
  const verdict = await deps.passwords.verify(user?.passwordHash ?? null, attempt.password, async () => {
    wait = await deps.storage.limits.take(limits.both, deps.clock())
    return wait === null
  })
  if (verdict === 'gated') return throttled(attempt, wait ?? 1, deps)
  if (verdict === 'mismatch' || found === null || user === null || user.disabledAt !== null) {
    record(attempt, user, failureOf(user), deps)
    return { kind: 'refused', waitSeconds: null }
  }
  record(attempt, user, null, deps)
  await renewHash(attempt, user, deps)
  const takenBack = { clear: [limits.pair.key], release: [limits.address.key] }
  const [entered, settled] = await Promise.allSettled([enter(found), deps.storage.limits.settle(takenBack)])
  if (entered.status === 'rejected') throw entered.reason
  // Who is in already is not refused for a count that stays: it ends with its window.
  if (settled.status === 'rejected') deps.audit.fault(attempt.reference, settled.reason)
  return { kind: 'match', entered: entered.value }
}

/** The refusal of an attempt for a program: one text, and 429 with the wait where it was throttled. */
export function refusedAttempt(waitSeconds: number | null): OAuthError {
  const options = waitSeconds === null ? {} : ({ status: 429, retryAfter: waitSeconds } as const)
  return new OAuthError(
    'access_denied',
    'The e-mail or the password is wrong, or too many attempts failed.',
    {
      reason: 'sign_in_refused',
      ...options,
    },
  )
}

async function renewHash(
  { password }: PasswordAttempt,
  { id, passwordHash }: User,
  { passwords, storage, clock }: AttemptDeps,
): Promise<void> {
  if (passwordHash === null || !passwords.needsRehash(passwordHash)) return
  try {
    const stronger = await passwords.hash(password)
    await storage.users.rehash(id, passwordHash, stronger, clock())
  } catch (error) {
    // A full queue is no reason to refuse somebody who is in already: the next sign-in renews the hash.
    if (!(error instanceof OAuthError)) throw error
  }
}

function throttled(attempt: PasswordAttempt, waitSeconds: number, deps: AttemptDeps): AttemptOutcome<never> {
  const { ip, clientId, reference } = attempt
  deps.audit.record({ event: 'sign_in.throttled', reason: 'sign_in_throttled', ip, clientId, reference })
  return { kind: 'refused', waitSeconds }
}

function failureOf(user: User | null): Reason {
  if (user === null) return 'account_unknown'
  if (user.disabledAt !== null) return 'account_disabled'
  return user.passwordHash === null ? 'account_without_password' : 'password_wrong'
}

function record(
  { ip, clientId, reference }: PasswordAttempt,
  user: User | null,
  reason: Reason | null,
  { audit }: AttemptDeps,
): void {
  audit.record({
    event: reason === null ? 'sign_in.succeeded' : 'sign_in.failed',
    ...(reason === null ? {} : { reason }),
    userId: user?.id ?? null,
    clientId,
    ip,
    reference,
  })
}
