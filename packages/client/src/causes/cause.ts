/** What people and developers read of one cause. */
export type Cause = {
  /** Of the answer that shows it. */
  readonly status: number
  /** What happened, for the person. */
  readonly title: string
  /** Why. */
  readonly explanation: string
  /** What to do, for whoever runs the app. */
  readonly fix: string
}

/** Writes a cause in one row of a table. */
export const cause = (status: number, title: string, explanation: string, fix: string): Cause => ({
  status,
  title,
  explanation,
  fix,
})

/** Titles and fixes that several causes share. */
export const ENDED = 'This sign-in cannot go on'
export const UNTRUSTED = "The provider's answer cannot be trusted"
export const TROUBLE = 'The provider has trouble'
export const SETTINGS = 'This app is not set up right for the provider'
export const SIGN_OUT = "The provider's word about a sign-out was refused"

export const FORGED =
  "Somebody may have put an answer of another sign-in in its place. Start again; if it repeats, compare the provider's id and issuer in the options with its documentation."
export const FAULTY =
  'This is a fault of the provider, or of what stands between: report it there with the cause code.'

/** Why something failed: one stable code per cause, with what it means and what to do. */
