import type { Prompt, Reason } from '@doorward/core'
import type { Step } from '../identity/step-token.ts'
import type { Session, User } from '../storage/records.ts'

/** A live session in this browser, with its person. */
export type SignedIn = { readonly session: Session; readonly user: User }

/** Whom the client believes to be at the browser, by its id_token_hint (OpenID Connect Core §3.1.2.1). */
export type Hint =
  | { readonly kind: 'none' }
  | { readonly kind: 'person'; readonly userId: string }
  /** Signed with a key that is gone: it names somebody, and nobody can tell whom. */
  | { readonly kind: 'unknown' }

/** All that decides whether somebody has to sign in. Times in seconds. */
export type SignInFacts = {
  readonly prompt: ReadonlySet<Prompt>
  /** Seconds; the request's, else the client's default. */
  readonly maxAge: number | null
  readonly hint: Hint
  /** What has been done for this very request. */
  readonly step: Step | null
  /** The live sessions of this browser, the active one first. */
  readonly sessions: readonly SignedIn[]
  readonly now: number
}

type SignInVerdict =
  | { readonly kind: 'signed-in'; readonly current: SignedIn }
  /** `current` is who has to prove it again; null where anybody may sign in. */
  | { readonly kind: 'sign-in'; readonly current: SignedIn | null }
  | { readonly kind: 'choose' }
  | { readonly kind: 'refuse'; readonly code: 'login_required'; readonly reason: Reason }

/**
 * Who answers an authorization request, or what has to happen first.
 * @see OpenID Connect Core §3.1.2.3
 */
export function decideSignIn(facts: SignInFacts): SignInVerdict {
  const { prompt, step, sessions } = facts
  const stepped = sessions.find(({ session }) => session.sid === step?.sid) ?? null
  const done = step !== null && (step.sid === null || stepped !== null) ? step.done : []
  const current = pickSession(facts, stepped)
  const verdict = judge(facts, current, done)
  // MUST NOT show anything, OpenID Connect Core §3.1.2.1.
  if (prompt.has('none') && verdict.kind !== 'signed-in' && verdict.kind !== 'refuse') {
    return { kind: 'refuse', code: 'login_required', reason: 'sign_in_required' }
  }
  return verdict
}

/** The session that did the last step, else the hinted person's, else the active one. */
function pickSession({ hint, step, sessions }: SignInFacts, stepped: SignedIn | null): SignedIn | null {
  if (stepped !== null) return stepped
  // "Use another account" was chosen: none of those signed in is meant.
  if (step !== null && step.sid === null && step.done.includes('select')) return null
  if (hint.kind === 'person') return sessions.find(({ user }) => user.id === hint.userId) ?? null
  return sessions[0] ?? null
}

function judge(facts: SignInFacts, current: SignedIn | null, done: Step['done']): SignInVerdict {
  const { prompt, hint, sessions } = facts
  if (current !== null && hint.kind === 'person' && hint.userId !== current.user.id) {
    // Somebody else signed in or was chosen. Asking again would never end, so the client is told.
    return { kind: 'refuse', code: 'login_required', reason: 'hint_other_person' }
  }
  if (hint.kind === 'unknown' && prompt.has('none')) {
    return { kind: 'refuse', code: 'login_required', reason: 'hint_key_gone' }
  }
  if (prompt.has('select_account') && !done.includes('select') && sessions.length > 0)
    return { kind: 'choose' }
  if (current === null) return { kind: 'sign-in', current: null }
  if (!done.includes('login') && mustProveAgain(facts, current)) return { kind: 'sign-in', current }
  return { kind: 'signed-in', current }
}

function mustProveAgain({ prompt, maxAge, now }: SignInFacts, { session }: SignedIn): boolean {
  if (prompt.has('login')) return true
  if (maxAge === null) return false
  // max_age=0 is prompt=login by another name, so that a sign-in of this very second does not satisfy it.
  return maxAge === 0 || now - session.authTime > maxAge
}
