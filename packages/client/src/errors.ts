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

const cause = (status: number, title: string, explanation: string, fix: string): Cause => ({
  status,
  title,
  explanation,
  fix,
})

const ENDED = 'This sign-in cannot go on'
const UNTRUSTED = 'The provider’s answer cannot be trusted'
const TROUBLE = 'The provider has trouble'
const SETTINGS = 'This app is not set up right for the provider'
const SIGN_OUT = 'The provider’s word about a sign-out was refused'

const FORGED =
  'Somebody may have put an answer of another sign-in in its place. Start again; if it repeats, compare the provider’s id and issuer in the options with its documentation.'
const FAULTY =
  'This is a fault of the provider, or of what stands between: report it there with the cause code.'

/** Why something failed: one stable code per cause, with what it means and what to do. */
export const CAUSES = {
  // The request.
  unknown_provider: cause(
    404,
    'There is no such provider here',
    'The address names a provider that this app does not offer.',
    'Add the provider to `providers`, or correct the link.',
  ),
  method_not_allowed: cause(
    405,
    'This page cannot be used that way',
    'The address was asked for with a method that it does not take.',
    'Start a sign-in by GET, and sign out by POST from a form of the app.',
  ),
  cross_site_request: cause(
    403,
    'This came from another site',
    'Another site sent the browser here to sign somebody out or in (CSRF).',
    'Send the form from a page of the app itself, under the host name of `baseUrl`.',
  ),
  body_unreadable: cause(
    400,
    ENDED,
    'The body of the request is too large, not a form, or was read by something else before.',
    'Send application/x-www-form-urlencoded; mount the client before parsers that keep nothing of a body.',
  ),
  https_required: cause(
    500,
    SETTINGS,
    'The provider answers by a form from its own site (form_post). Browsers then send the state cookie only as SameSite=None; Secure, and that needs https.',
    'Give `baseUrl` an https address; for development put a tunnel or a local certificate in front of the app.',
  ),

  // The way back from the provider.
  access_denied: cause(
    403,
    'You did not allow it',
    'The provider says that the person, or a rule there, refused the sign-in.',
    'Start again and allow it. If nobody refused, read the provider’s own words below.',
  ),
  provider_error: cause(
    502,
    'The provider refused the sign-in',
    'The provider sent the browser back with an error.',
    'Read the provider’s own words below: mostly a scope or a setting of the app is wrong there.',
  ),
  redirect_uri_mismatch: cause(
    500,
    SETTINGS,
    'The provider does not know the address that it should send people back to.',
    'Register the redirect URI with the provider, character for character: `baseUrl` and the callback’s path.',
  ),
  callback_malformed: cause(
    400,
    ENDED,
    'The address that the browser came back to has neither a code nor an error, or has something twice.',
    'Start again at the app’s sign-in link; this address cannot be opened by itself.',
  ),
  state_missing: cause(
    400,
    ENDED,
    'The browser came back without `state`, which tells sign-ins apart.',
    'Start again at the app’s sign-in link. If it repeats, the provider drops `state`, which RFC 6749 §4.1.2 forbids.',
  ),
  state_unknown: cause(
    400,
    ENDED,
    '`state` was not made by this app: the link is forged, or `secret` has changed meanwhile.',
    'Start again. Give every process of the app the same `secret`; when you change it, keep the old one in the list for a while.',
  ),
  state_expired: cause(
    400,
    'This took too long',
    'The sign-in began more than ten minutes ago, or by a clock that differs.',
    'Start again.',
  ),
  state_used: cause(
    409,
    'This sign-in was finished already',
    'The same answer came a second time: a second click, a reload, or the way back.',
    'Open the app: you are most likely signed in. Otherwise start again.',
  ),
  state_cookie_lost: cause(
    400,
    ENDED,
    'The browser came back without the cookie that it was given at the start: it blocks cookies, or this is another browser or a private window.',
    'Start again in one browser window, with cookies allowed. Where a proxy stands before the app, let it pass Set-Cookie on.',
  ),
  state_cookie_host: cause(
    400,
    ENDED,
    'The sign-in began under another host name than that of `baseUrl`, and browsers keep cookies per host name.',
    'Open the app under the host name of `baseUrl` (localhost and 127.0.0.1 are two), or correct `baseUrl`.',
  ),
  state_cookie_http: cause(
    400,
    ENDED,
    'The sign-in began over http, while `baseUrl` is https: browsers keep Secure cookies for https alone.',
    'Redirect http to https before the app, or give `baseUrl` the scheme that people use.',
  ),
  state_cookie_same_site: cause(
    400,
    ENDED,
    'The provider answered by a form from its own site, and browsers send no SameSite=Lax cookie with that.',
    'Set the provider’s `formPost` quirk, which makes the cookie SameSite=None; Secure, or ask it for an answer in the query.',
  ),
  state_other_provider: cause(
    400,
    UNTRUSTED,
    'The answer came to the callback of another provider than the one that was asked (mix-up, RFC 9700 §4.4).',
    FORGED,
  ),
  authorization_issuer_mismatch: cause(
    400,
    UNTRUSTED,
    'The answer names another issuer than the one that was asked (RFC 9207 §2.4).',
    FORGED,
  ),
  authorization_issuer_missing: cause(
    400,
    UNTRUSTED,
    'The answer names no issuer, though the provider says that it always does (RFC 9207 §2.4).',
    FORGED,
  ),

  // Reaching the provider.
  provider_unreachable: cause(
    502,
    'The provider cannot be reached',
    'No connection came about, or it broke off.',
    'Try again. If it repeats, try the provider’s address from the app’s machine: DNS, firewall, certificate.',
  ),
  provider_failed: cause(
    502,
    TROUBLE,
    'The provider answered with a failure of its own (5xx) or too often (429).',
    'Try again a little later.',
  ),
  answer_timed_out: cause(
    504,
    'The provider cannot be reached',
    'The provider took longer than ten seconds to answer.',
    'Try again a little later.',
  ),
  answer_too_large: cause(502, TROUBLE, 'The provider’s answer is larger than any it may give.', FAULTY),
  answer_unreadable: cause(
    502,
    TROUBLE,
    'The provider’s answer is not the JSON that was asked for.',
    'Try again. If it repeats, compare the provider’s addresses in the options with its documentation: a page may have answered.',
  ),
  answer_redirected: cause(
    502,
    TROUBLE,
    'The provider answered with a redirect, which could lead anywhere and is not followed.',
    'Give the address that the redirect leads to as the issuer or endpoint.',
  ),
  address_refused: cause(
    502,
    SETTINGS,
    'The provider is at a private address or not at https, where calls may not go.',
    'Use the provider’s public https address, or name its host and port in `allowPrivateHosts`.',
  ),
  discovery_issuer_mismatch: cause(
    502,
    SETTINGS,
    'The provider’s metadata names another issuer than the option `issuer` (OpenID Connect Discovery §4.3).',
    'Give `issuer` exactly as the provider’s metadata names it, down to the last slash.',
  ),
  discovery_incomplete: cause(
    502,
    SETTINGS,
    'The provider’s metadata lacks an endpoint that is needed.',
    'Check `issuer`; where the provider has no such metadata, give `endpoints`.',
  ),

  // The token request.
  client_rejected: cause(
    500,
    SETTINGS,
    'The provider does not know this client id, or the client secret is wrong.',
    'Copy `clientId` and `clientSecret` from the provider’s console again, and see that the secret has not expired there.',
  ),
  code_refused: cause(
    400,
    ENDED,
    'The provider does not take the code: it is used, expired, or was made for another sign-in.',
    'Start again. If it repeats at once, compare the redirect URI at the provider, and the clock of the app’s machine.',
  ),
  token_request_refused: cause(
    502,
    'The provider refused the sign-in',
    'The provider refused to hand out tokens.',
    'Read the provider’s own words below.',
  ),
  token_answer_incomplete: cause(
    502,
    UNTRUSTED,
    'The provider’s token answer lacks what RFC 6749 §5.1 demands, or has it in a wrong form.',
    FAULTY,
  ),
  token_type_unsupported: cause(
    502,
    UNTRUSTED,
    'The provider hands out tokens of a type that is neither Bearer nor DPoP.',
    'Set the app to Bearer tokens in the provider’s console.',
  ),

  // The ID token.
  id_token_missing: cause(
    502,
    UNTRUSTED,
    'The provider sent no ID token.',
    'Have `openid` in the scope; where the provider knows no OpenID Connect, use `oauth2()` in place of `oidc()`.',
  ),
  id_token_malformed: cause(
    502,
    UNTRUSTED,
    'The ID token is not a signed JWT with the claims it must have.',
    FAULTY,
  ),
  id_token_signature: cause(502, UNTRUSTED, 'The ID token’s signature is wrong.', FORGED),
  id_token_key: cause(
    502,
    UNTRUSTED,
    'The ID token is signed with a key that the provider does not publish.',
    'Try again; if it repeats, the provider’s key set and its tokens disagree.',
  ),
  id_token_algorithm: cause(
    502,
    UNTRUSTED,
    'The ID token is signed with an algorithm that is not accepted, or not at all.',
    'Set the app to RS256 or ES256 in the provider’s console.',
  ),
  id_token_issuer: cause(502, UNTRUSTED, 'The ID token names another issuer.', FORGED),
  id_token_audience: cause(502, UNTRUSTED, 'The ID token was made for another app.', FORGED),
  id_token_party: cause(
    502,
    UNTRUSTED,
    'The ID token was handed out to another app (`azp`), or has several audiences and does not say to which.',
    FORGED,
  ),
  id_token_nonce: cause(502, UNTRUSTED, 'The ID token was made for another sign-in (`nonce`).', FORGED),
  id_token_at_hash: cause(
    502,
    UNTRUSTED,
    'The ID token was made for another access token (`at_hash`).',
    FORGED,
  ),
  id_token_expired: cause(502, UNTRUSTED, 'The ID token has expired.', FAULTY),
  id_token_early: cause(502, UNTRUSTED, 'The ID token is not valid yet, or was made in the future.', FAULTY),
  clock_off: cause(
    500,
    'The clocks differ',
    'The clock of the app’s machine and that of the provider differ by more than a minute, so that fresh tokens look expired or early.',
    'Set the clock of the app’s machine by a time service (NTP).',
  ),

  // Who it is.
  userinfo_subject_mismatch: cause(
    502,
    UNTRUSTED,
    'Userinfo speaks of another person than the ID token (OpenID Connect Core §5.3.2).',
    FORGED,
  ),
  userinfo_refused: cause(
    502,
    TROUBLE,
    'The provider does not say who signed in, though it gave a token for that.',
    'See that the scope covers what is asked for, such as the profile and the e-mail addresses.',
  ),
  profile_incomplete: cause(
    502,
    TROUBLE,
    'The provider’s answer does not say who signed in.',
    'See that the scope covers the person’s id.',
  ),

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
    'The app’s store or one of its own functions failed.',
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
    'Ask for one: `offline_access` in the scope, or what the provider’s documentation names.',
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

  // Back-channel logout.
  sessions_not_kept: cause(
    501,
    SIGN_OUT,
    'Sessions are sealed in cookies here, where nobody ends them from afar.',
    'Give a `store`, or do not register a back-channel logout address with the provider.',
  ),
  logout_token_invalid: cause(
    400,
    SIGN_OUT,
    'The logout token is not what OpenID Connect Back-Channel Logout §2.4 demands.',
    FAULTY,
  ),
  logout_token_replayed: cause(400, SIGN_OUT, 'The same logout token came a second time.', FAULTY),
} as const satisfies Readonly<Record<string, Cause>>

/** A stable code for why something failed. */
export type ClientErrorCode = keyof typeof CAUSES

/** What is known of a failure beside its code. */
export type ErrorFacts = {
  /** The provider's id. */
  readonly provider?: string | undefined
  /** In the provider's words, or the app's: not ours, so escape it. Never a token. */
  readonly detail?: string | undefined
  /** For the log. */
  readonly cause?: unknown
}

/** Whatever fails while the client works. `message` is constant text by the code; what others said is in `detail`. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: ClientErrorCode
  /** The provider's id, where one was concerned. */
  readonly provider: string | null
  readonly detail: string | null

  constructor(code: ClientErrorCode, { provider, detail, cause }: ErrorFacts = {}) {
    super(`${CAUSES[code].explanation} ${CAUSES[code].fix}`, { cause })
    this.code = code
    this.provider = provider ?? null
    this.detail = detail ?? null
  }

  /** Status and texts of the cause. */
  get explained(): Cause {
    return CAUSES[this.code]
  }
}

/** A mistake in the options: thrown where the client is made, never while it serves. */
export class OptionError extends Error {
  override readonly name = 'OptionError'
  /** The option that is wrong, by its name. */
  readonly option: string

  constructor(option: string, message: string) {
    super(message)
    this.option = option
  }
}
