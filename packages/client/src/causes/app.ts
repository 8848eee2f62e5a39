import { type Cause, cause, FAULTY, SETTINGS, SIGN_OUT } from './cause.ts'

/** The app's own side, and what comes after a sign-in. */
export const APP_CAUSES = {
  // The app's own side.
  sign_in_refused: cause(
    403,
    'You cannot sign in here',
    'The app does not take this account.',
    'Return no `refuse` from `onSignIn` to let the person in.',
  ),
  session_too_large: cause(
    500,
    SETTINGS,
    'What is to be kept of this person does not fit into a cookie.',
    'Give a `store`, or keep fewer claims by asking for a smaller scope.',
  ),
  session_missing: cause(
    401,
    'You are not signed in',
    'The request carries no session that lives.',
    'Sign in and try again.',
  ),
  internal_error: cause(
    500,
    'Something failed on our side',
    "The app's store or one of its own functions failed.",
    'Look at what `onError` is told; it has the cause.',
  ),

  // Tokens after the sign-in.
  tokens_not_kept: cause(
    500,
    SETTINGS,
    'There are no tokens to this session: it is sealed in a cookie, which holds none.',
    'Give a `store` to keep tokens.',
  ),
  refresh_refused: cause(
    401,
    'You are not signed in',
    'The provider refused to renew its tokens, so that the session ended.',
    'Sign in again.',
  ),
  refresh_token_missing: cause(
    401,
    'You are not signed in',
    'The access token has expired, and the provider gave no refresh token.',
    "Ask for one: `offline_access` in the scope, or what the provider's documentation names.",
  ),
  tokens_not_opened: cause(
    500,
    SETTINGS,
    'The tokens of this session do not open: they were sealed under a secret that is not in `secret`, or were tampered with.',
    'Put the secret that was dropped back at the end of the list; `signIn.secretUse()` says when none of its rows is left.',
  ),
  token_needs_https: cause(
    500,
    SETTINGS,
    'The access token was not sent, because the address is not https: whoever listens could use it (RFC 6750 §5.3).',
    'Call the API by https; http is for this machine alone.',
  ),

  // From a terminal.
  terminal_timed_out: cause(
    408,
    'This took too long',
    'Nobody came back from the browser in time.',
    'Run the command again, and finish in the browser; `timeoutSeconds` gives more time.',
  ),
  sessions_not_kept: cause(
    501,
    'Sessions cannot be ended from here',
    'Sessions are sealed in cookies, where nobody ends them from afar.',
    'Give a `store`; without one, register no back-channel logout address with the provider.',
  ),

  // Back-channel logout.
  logout_token_invalid: cause(
    400,
    SIGN_OUT,
    'The logout token is not what OpenID Connect Back-Channel Logout §2.4 demands.',
    FAULTY,
  ),
  logout_token_replayed: cause(400, SIGN_OUT, 'The same logout token came a second time.', FAULTY),
} as const satisfies Readonly<Record<string, Cause>>
