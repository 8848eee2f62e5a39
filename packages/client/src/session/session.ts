import type { TokenSet } from '../exchange/token-set.ts'
import type { Claims, Profile } from '../providers/provider.ts'

/** Who is signed in, as the provider says. */
export type User = Profile & {
  /** The provider's id. With `subject` it names the account for ever; an e-mail address does not. */
  readonly provider: string
  /** All that ID token and userinfo say. */
  readonly claims: Claims
}

/** Somebody's being signed in to the app. */
export type Session = {
  /** What the store knows the session by. No secret: the cookie does not follow from it. */
  readonly ref: string
  readonly user: User
  /** The app's own name for the user, from `onSignIn`. */
  readonly userId: string | null
  /** In seconds since 1970, as is `expiresAt`. */
  readonly createdAt: number
  readonly expiresAt: number
}

/** A session that is to begin. */
export type NewSession = {
  readonly user: User
  readonly userId: string | null
  /** The provider's own session, as a back-channel logout would name it. */
  readonly upstreamSid: string | null
  readonly tokens: TokenSet
}

/** What ended, and what takes its cookie away. */
export type EndedSession = {
  readonly session: Session | null
  /** What is to be revoked at the provider; null where nothing was kept. */
  readonly tokens: TokenSet | null
  readonly cookies: readonly string[]
}

/** Where sessions are. `cookieHeader` is the request's, times are in seconds. */
export type SessionKeeper = {
  /** Begins a session under a new id, and ends the one before (session fixation). Answers Set-Cookie values. */
  open(fresh: NewSession, cookieHeader: string | null, now: number): Promise<readonly string[]>
  find(cookieHeader: string | null, now: number): Promise<Session | null>
  end(cookieHeader: string | null, now: number): Promise<EndedSession>
  /** Ends a session by its `ref`; answers its tokens, if they are that provider's. Throws sessions_not_kept. */
  endOne(ref: string, provider: string): Promise<TokenSet | null>
  /** Ends all sessions of an account; answers their tokens. Throws sessions_not_kept. */
  endAll(provider: string, subject: string): Promise<readonly TokenSet[]>
}

/** How long sessions last, in seconds. */
export type Lifetimes = { readonly idle: number; readonly absolute: number }

/** The base of the session cookie's name. */
export const SESSION_COOKIE = 'dw-session'
