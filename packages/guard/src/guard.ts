import type { OAuthErrorCode, Reason } from '@doorward/core'
import type { Auth } from './auth.ts'
import { type Credentials, readToken } from './bearer.ts'
import { type Answer, respondRefusal } from './challenge.ts'
import { type GuardOptions, parseGuardOptions } from './options.ts'
import { type Refusal, tokenMissing } from './refusal.ts'
import { decideRequirements } from './require.ts'
import { createVerifier, type Verdict } from './verifier.ts'

/** What a guard looks at. */
export type RequestFacts = Credentials & { readonly method: string }

/** What `onRejected` is told: enough for a log line, and never the token. */
export type Rejection = {
  readonly status: number
  /** Null where no token was sent (RFC 6750 §3.1). */
  readonly error: OAuthErrorCode | null
  /** Stable cause code, explained in the reference of errors. */
  readonly reason: Reason
  readonly message: string
  readonly method: string
  /** Without the query string. */
  readonly path: string
  /** What happened underneath: a JwtError, an error of the network; null where there is nothing more to say. */
  readonly cause: unknown
}

/** Either who calls, or what to answer. */
export type Outcome<A> =
  | { readonly auth: A; readonly answer: null }
  | { readonly auth: null; readonly answer: Answer }

/** The whole decision about a request; a framework's adapter only carries it out. */
export type Guard<A> = (facts: RequestFacts) => Outcome<A> | Promise<Outcome<A>>

/** A guard that turns away requests without a token. Throws GuardOptionError. */
export function createGuard(options: GuardOptions): Guard<Auth> {
  return buildGuard<never>(options, null)
}

/** A guard that lets requests without a token pass as nobody; a token that is there must be good. Throws GuardOptionError. */
export function createOptionalGuard(options: GuardOptions): Guard<Auth | null> {
  return buildGuard<null>(options, { auth: null, answer: null })
}

function buildGuard<Nobody>(
  options: GuardOptions,
  withoutToken: Outcome<Nobody> | null,
): Guard<Auth | Nobody> {
  const { verifier, settings } = parseGuardOptions(options)
  const { verify } = 'verify' in verifier ? verifier : createVerifier(verifier)
  const { requirements, realm, onRejected } = settings

  const refuse = (refusal: Refusal, facts: RequestFacts): Outcome<never> => {
    if (onRejected !== null) tell(onRejected, refusal, facts)
    return { auth: null, answer: respondRefusal(refusal, realm) }
  }

  const conclude = (verdict: Verdict, facts: RequestFacts): Outcome<Auth> => {
    if (verdict.refusal !== null) return refuse(verdict.refusal, facts)
    const tooLittle = decideRequirements(verdict.auth, requirements)
    return tooLittle === null ? { auth: verdict.auth, answer: null } : refuse(tooLittle, facts)
  }

  return (facts) => {
    const token = readToken(facts)
    if (token === tokenMissing && withoutToken !== null) return withoutToken
    if (typeof token !== 'string') return refuse(token, facts)
    const verdict = verify(token)
    if (!(verdict instanceof Promise)) return conclude(verdict, facts)
    return verdict.then((settled) => conclude(settled, facts))
  }
}

function tell(onRejected: (rejection: Rejection) => void, refusal: Refusal, facts: RequestFacts): void {
  const { status, error, reason, message, cause } = refusal
  const path = URL.parse(facts.url, 'http://localhost')?.pathname ?? '/'
  try {
    onRejected({ status, error, reason, message, cause, method: facts.method, path })
  } catch {
    // A log that fails must not turn a refusal into something else.
  }
}
