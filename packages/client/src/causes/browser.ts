import { type Cause, cause, ENDED, FORGED, SETTINGS, UNTRUSTED } from './cause.ts'

/** What the browser brings, at the start and on the way back. */
export const BROWSER_CAUSES = {
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
    "Start again and allow it. If nobody refused, a rule at the provider did: look into the app's settings there.",
  ),
  provider_error: cause(
    502,
    'The provider refused the sign-in',
    'The provider sent the browser back with an error.',
    'Mostly a scope, or a setting of the app at the provider, is wrong: the `detail` has the error that it named.',
  ),
  redirect_uri_mismatch: cause(
    500,
    SETTINGS,
    'The provider does not know the address that it should send people back to.',
    "Register the redirect URI with the provider, character for character: `baseUrl` and the callback's path.",
  ),
  callback_malformed: cause(
    400,
    ENDED,
    'The address that the browser came back to has neither a code nor an error, or has something twice.',
    "Start again at the app's sign-in link; this address cannot be opened by itself.",
  ),
  state_missing: cause(
    400,
    ENDED,
    'The browser came back without `state`, which tells sign-ins apart.',
    "Start again at the app's sign-in link. If it repeats, the provider drops `state`, which RFC 6749 §4.1.2 forbids.",
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
    'Open the app: where the first one signed you in, you still are. Otherwise start again.',
  ),
  state_failed: cause(
    409,
    'This sign-in has failed already',
    'The same answer came a second time, after a sign-in that had failed: a reload, or the way back. It cannot be tried again with the same answer.',
    'Start again.',
  ),
  state_cookie_lost: cause(
    400,
    ENDED,
    'The browser came back without the cookie that it was given at the start: it blocks cookies, this is another browser or a private window, or more than five sign-ins were under way at once, of which the oldest was given up.',
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
    "Set the provider's `formPost` quirk, which makes the cookie SameSite=None; Secure, or ask it for an answer in the query.",
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
} as const satisfies Readonly<Record<string, Cause>>
