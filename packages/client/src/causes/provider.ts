import { type Cause, cause, ENDED, FAULTY, SETTINGS, TROUBLE, UNTRUSTED } from './cause.ts'

/** What goes wrong between the app and the provider. */
export const PROVIDER_CAUSES = {
  // Reaching the provider.
  provider_unreachable: cause(
    502,
    'The provider cannot be reached',
    'No connection came about, or it broke off.',
    "Try again. If it repeats, try the provider's address from the app's machine: DNS, firewall, certificate.",
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
    'The provider took longer to answer than `timeoutSeconds`, ten seconds unless set.',
    'Try again a little later.',
  ),
  answer_too_large: cause(502, TROUBLE, "The provider's answer is larger than any it may give.", FAULTY),
  answer_unreadable: cause(
    502,
    TROUBLE,
    "The provider's answer is not the JSON that was asked for.",
    "Try again. If it repeats, compare the provider's addresses in the options with its documentation: a page may have answered.",
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
    "Use the provider's public https address, or name its host and port in `allowPrivateHosts`.",
  ),
  discovery_issuer_mismatch: cause(
    502,
    SETTINGS,
    "The provider's metadata names another issuer than the option `issuer` (OpenID Connect Discovery §4.3).",
    "Give `issuer` exactly as the provider's metadata names it, down to the last slash.",
  ),
  discovery_incomplete: cause(
    502,
    SETTINGS,
    "The provider's metadata lacks an endpoint that is needed.",
    'Check `issuer`; where the provider has no such metadata, give `endpoints`.',
  ),

  // The token request.
  client_rejected: cause(
    500,
    SETTINGS,
    'The provider does not know this client id, or the client secret is wrong.',
    "Copy `clientId` and `clientSecret` from the provider's console again, and see that the secret has not expired there.",
  ),
  code_refused: cause(
    400,
    ENDED,
    'The provider does not take the code: it is used, expired, or was made for another sign-in.',
    "Start again. If it repeats at once, compare the redirect URI at the provider, and the clock of the app's machine.",
  ),
  token_request_refused: cause(
    502,
    'The provider refused the sign-in',
    'The provider refused to hand out tokens.',
    "Compare the app's settings in the provider's console with the options. The `detail` has the provider's own words, or its bare status where it gave none.",
  ),
  token_answer_incomplete: cause(
    502,
    UNTRUSTED,
    "The provider's token answer lacks what RFC 6749 §5.1 demands, or has it in a wrong form.",
    FAULTY,
  ),
  token_type_unsupported: cause(
    502,
    UNTRUSTED,
    'The provider hands out tokens of a type that is neither Bearer nor DPoP.',
    "Set the app to Bearer tokens in the provider's console.",
  ),
} as const satisfies Readonly<Record<string, Cause>>
