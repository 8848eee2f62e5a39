import type { Reason } from '@doorward/core'
import type { Brand } from './parts/brands.ts'

/**
 * What a page is given to show: plain data, no record of the database, nothing to escape beforehand.
 * The endpoints make these, the pages only word them.
 */

/** The operator's settings that every page shows. */
type Branding = {
  readonly name: string
  readonly logoUrl: string | null
  /** A CSS colour, `#rrggbb`; reaches pages as /assets/theme.css only. */
  readonly accent: string
  readonly privacyUrl: string | null
  readonly helpUrl: string | null
}

/** What every page needs, whatever it shows. */
export type PageFrame = {
  /** The issuer's path without a trailing slash: '' or '/auth'. Every link and asset starts with it. */
  readonly basePath: string
  readonly branding: Branding
  /** A BCP 47 tag: the page's `lang`, and how dates are written. */
  readonly locale: string
}

/** A form that posts to ourselves: its `action` (path and query) and the value of its hidden field `csrf`. */
export type FormView = {
  readonly action: string
  readonly csrf: string
}

/** The app that sent the person here. */
export type AppView = {
  /** Its registered name, else its client id. */
  readonly name: string
  /** Host of its redirect URI, or the custom scheme; null for a sign-out without one. */
  readonly host: string | null
  /** True where the operator vouches for it (--trusted, --first-party). */
  readonly verified: boolean
  readonly homeUrl: string | null
  readonly policyUrl: string | null
  readonly termsUrl: string | null
}

/** One account signed in in this browser. */
export type AccountItem = {
  readonly sid: string
  readonly email: string
  readonly name: string | null
  /** Seconds since 1970 of the last time the person proved who they are. */
  readonly signedInAt: number
  /** The one that is used unless another is chosen. */
  readonly active: boolean
}

/**
 * Why a form is shown again.
 * `refused`: one text whether the account is unknown, disabled, without a password, or the password wrong;
 * the same text is shown when throttled, with the wait in seconds beside it.
 * `stale`: the form came from an older page or the cookie is gone; nothing was done, send it again.
 * `missing`: these fields were left empty.
 * `busy`: too many sign-ins at once, with the wait in seconds.
 */
export type FormProblem =
  | { readonly kind: 'refused'; readonly waitSeconds: number | null }
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'missing'
      readonly fields: readonly ('email' | 'password' | 'account' | 'decision' | 'connection')[]
    }
  | { readonly kind: 'busy'; readonly waitSeconds: number }

/** A provider that people can sign in with. */
export type ProviderItem = {
  readonly id: string
  readonly name: string
  /** null: a neutral mark, and neutral colours. */
  readonly brand: Brand | null
}

/** A provider, and where the sign-in with it begins. */
export type ProviderLink = ProviderItem & { readonly href: string }

/**
 * What became of a sign-in with a provider that led back to the form.
 * `denied`: the provider says that the person, or a rule there, refused.
 * `not_again`: it did not make the person prove again who they are, which was asked for.
 */
export type SignInNotice = { readonly kind: 'denied' | 'not_again'; readonly provider: string }

/** POST with `email`, `password`. */
export type SignInView = {
  readonly form: FormView
  /** null for a plain sign-in that ends at the account page. */
  readonly app: AppView | null
  /** What was typed, or the login_hint; '' for none. */
  readonly email: string
  readonly problem: FormProblem | null
  /** Where to choose among the accounts signed in here already; null where there is none. */
  readonly chooseHref: string | null
  /** Says that the person is signed in and is asked to prove it again (prompt=login, max_age). */
  readonly again: boolean
  readonly providers: readonly ProviderLink[]
  /** Names of those that could not make the person prove it again, where that is asked for. */
  readonly unable: readonly string[]
  readonly notice: SignInNotice | null
}

/** POST with a submit button `account` = an item's sid, or `other`. */
export type ChooseView = {
  readonly form: FormView
  readonly app: AppView | null
  readonly accounts: readonly AccountItem[]
  readonly problem: FormProblem | null
}

/** What is asked at one resource. */
export type ConsentGroup = {
  /** null: this server itself (openid, profile, …, and plain scopes). */
  readonly resource: string | null
  readonly resourceName: string | null
  readonly scopes: readonly string[]
  /** The providers, by their names, whose accounts of this person the app could use. */
  readonly connections: readonly string[]
}

/** POST with a submit button `decision` = allow | deny. */
export type ConsentView = {
  readonly form: FormView
  readonly app: AppView
  readonly account: AccountItem
  /** "Not you?": the page to choose another account. */
  readonly chooseHref: string
  readonly groups: readonly ConsentGroup[]
  /** Single claims asked for beyond the scopes (OpenID Connect Core §5.5), by their names. */
  readonly claims: readonly string[]
  readonly problem: FormProblem | null
}

/** POST with a submit button `decision` = logout | stay. */
export type LogoutView = {
  readonly form: FormView
  /** Who asked; null where nobody named themselves. */
  readonly app: AppView | null
  /** Who would be signed out. */
  readonly account: AccountItem
  readonly problem: FormProblem | null
}

/** The page after signing out. */
export type LoggedOutView = {
  readonly app: AppView | null
  readonly signInHref: string
}

/** POST with a submit button `sign_out` = an item's sid. */
export type AccountView = {
  readonly form: FormView
  readonly accounts: readonly AccountItem[]
  /** Where to add another account. */
  readonly signInHref: string
  /** How the person of the active account signs in; null where there is only the password. */
  readonly ways: { readonly names: readonly string[]; readonly href: string } | null
  readonly problem: FormProblem | null
}

/** An account at a provider that signs the person in. */
export type LinkedItem = {
  readonly id: string
  readonly name: string
  readonly brand: Brand | null
  /** Which account of the provider: its e-mail or name. */
  readonly label: string | null
  /** Seconds since 1970, as below. */
  readonly linkedAt: number
  readonly usedAt: number
  /** False where the provider is not configured any more. */
  readonly offered: boolean
  /** The page that asks before it is disconnected; null where it is the last way in. */
  readonly disconnectHref: string | null
}

/** What became of connecting or disconnecting a provider. */
export type ConnectionNotice =
  | { readonly kind: 'linked' | 'already' | 'denied' | 'disconnected' | 'last'; readonly provider: string }
  /** Of a provider that is not configured any more. */
  | { readonly kind: 'disconnected'; readonly provider: null }

/** POST with `account` = the session, and a submit button `connect` = a provider's id. */
export type ConnectionsView = {
  readonly form: FormView
  readonly sid: string
  readonly email: string
  readonly hasPassword: boolean
  readonly linked: readonly LinkedItem[]
  /** Those that nothing is connected of. */
  readonly free: readonly ProviderItem[]
  readonly notice: ConnectionNotice | null
  readonly problem: FormProblem | null
  readonly accountHref: string
}

/** On the way to a provider: its name, and its address with the request. */
export type LeavingView = { readonly provider: string; readonly href: string }

/** POST with `account` = the session, and a submit button `disconnect` = an item's id. */
export type DisconnectView = {
  readonly form: FormView
  readonly sid: string
  readonly email: string
  readonly item: LinkedItem
  /** What still signs the person in, in words. */
  readonly remaining: readonly string[]
  readonly cancelHref: string
}

/** A refusal that a person sees. */
export type ErrorView = {
  readonly status: number
  /** What happened, in a sentence; constant text. */
  readonly description: string
  /** What it means and how to fix it: the text of REASONS. */
  readonly fix: string
  readonly reason: Reason
  /** The OAuth error code, for developers. */
  readonly code: string
  /** The short id under which the log has this request. */
  readonly reference: string
}

/** A sign-in with a provider that came to nothing: for the person, and folded for whoever runs the server. */
export type UpstreamErrorView = {
  /** What happened. */
  readonly title: string
  /** Why, in a sentence or two. */
  readonly text: string
  /** What to do next. */
  readonly next: string
  /** The same sign-in once more; null where that could not help. */
  readonly retryHref: string | null
  /** Another way on. */
  readonly back: { readonly text: string; readonly href: string }
  readonly reference: string
  readonly developer: {
    /** Text in backticks is code. */
    readonly fix: string
    readonly code: string
    /** The reference page that explains the code. */
    readonly explainedIn: string
    readonly provider: string
    /** What the provider said: somebody else's text. */
    readonly words: string | null
  }
}

/** response_mode=form_post: a visible Continue button, submitted by a script file where scripts run. */
export type FormPostView = {
  readonly action: string
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly app: AppView | null
}
