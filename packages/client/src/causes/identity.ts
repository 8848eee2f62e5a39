import { type Cause, cause, FAULTY, FORGED, TROUBLE, UNTRUSTED } from './cause.ts'

/** What is wrong with the proof of who it is. */
export const IDENTITY_CAUSES = {
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
  id_token_signature: cause(502, UNTRUSTED, "The ID token's signature is wrong.", FORGED),
  id_token_key: cause(
    502,
    UNTRUSTED,
    'The ID token is signed with a key that the provider does not publish.',
    "Try again; if it repeats, the provider's key set and its tokens disagree.",
  ),
  id_token_algorithm: cause(
    502,
    UNTRUSTED,
    'The ID token is signed with an algorithm that is not accepted, or not at all.',
    "Set the app to RS256 or ES256 in the provider's console.",
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
    "The clock of the app's machine and that of the provider differ by more than a minute, so that fresh tokens look expired or early.",
    "Set the clock of the app's machine by a time service (NTP).",
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
    "The provider's answer does not say who signed in.",
    "See that the scope covers the person's id.",
  ),
} as const satisfies Readonly<Record<string, Cause>>
