/**
 * Why something was refused: one stable code per cause, with what it means and what to do. The reference of
 * errors is generated from this table, so a code that is thrown cannot lack its explanation.
 */
export const REASONS = {
  parameter_missing: 'A required parameter is absent or empty. Send it.',
  parameter_repeated: 'A parameter was sent more than once (RFC 6749 §3.1). Send it once.',
  parameter_malformed: 'A parameter has a form its definition does not allow. Correct it.',
  parameter_too_long: 'A parameter is longer than its bound. Shorten it.',
  parameters_too_many: 'The request holds more than 100 parameters. Send fewer.',
  client_id_malformed: 'client_id has a form that no client has. Copy it from the registration.',
  scope_malformed:
    'scope is not a list of scope tokens (RFC 6749 §3.3). Separate printable ASCII words by one space.',
  resource_malformed: 'resource is not an absolute URI without fragment (RFC 8707 §2). Correct it.',
  resource_repeated:
    'A token request named two resources. A token is for exactly one: ask once per resource.',
  resources_too_many: 'The request names more than 10 resources. Name fewer.',
  redirect_uri_missing: 'redirect_uri is absent where it is needed. Send one that is registered.',
  redirect_uri_mismatch:
    'redirect_uri is not, character for character, one that the client registered. Register it or correct it.',
  redirect_uri_none_registered: 'The client has no redirect URI. Register one, or use another grant.',
  redirect_uri_malformed: 'A redirect URI is not an absolute URI in its plain form. Correct it.',
  redirect_uri_fragment: 'A redirect URI has a fragment (RFC 6749 §3.1.2). Remove the part from # on.',
  redirect_uri_wildcard:
    'A redirect URI has a wildcard. URIs are compared exactly (RFC 9700 §2.1): register each one.',
  redirect_uri_userinfo: 'A redirect URI has a user name before its host. Remove it.',
  redirect_uri_http: 'A redirect URI is http on a host that is not loopback. Use https.',
  redirect_uri_scheme:
    'A redirect URI has a scheme without a dot (RFC 8252 §8.4). Use one like com.example.app.',
  redirect_uri_scheme_web:
    'A web application has a redirect URI with an app scheme. Set application_type to native.',
  response_type_unsupported: 'response_type is not code. Use the authorization code flow with PKCE.',
  response_mode_unsupported: 'response_mode is not query, or form_post to an http(s) URI. Use one of them.',
  grant_not_registered: 'The client is not registered for this grant type. Add it to its grant_types.',
  request_object: 'The request came as a request object, which is not supported. Send plain parameters.',
  prompt_unknown: 'prompt holds a value that is not none, login, consent or select_account. Correct it.',
  prompt_none_combined: 'prompt=none came with another value (OpenID Connect Core §3.1.2.1). Send it alone.',
  claims_malformed: 'The claims parameter is not the JSON of OpenID Connect Core §5.5. Correct it.',
  pkce_missing:
    'code_challenge is absent. Use PKCE with S256, or register a confidential client with pkce optional.',
  pkce_method: 'code_challenge_method is not S256. Plain is never accepted: send S256.',
  pkce_malformed: 'code_challenge is not the base64url SHA-256 of a verifier (RFC 7636 §4.2). Recompute it.',
  pkce_unexpected:
    'code_verifier came for a code without a challenge (RFC 9700 §2.1.1). Send a code_challenge with the authorization request.',
  pkce_verifier_missing:
    'code_verifier is absent for a code with a challenge. Send the verifier kept by the browser session.',
  pkce_mismatch:
    'code_verifier does not hash to the code_challenge. The code was injected, or the client mixed up two sign-ins.',
  grant_type_unsupported: "grant_type is not one of discovery's grant_types_supported. Use one of them.",
  client_credentials_missing:
    'The request does not say which client it comes from. Send client authentication, or client_id for a public client.',
  client_credentials_repeated:
    'The request authenticates its client in more than one way (RFC 6749 §2.3). Use one.',
  client_credentials_malformed:
    'The client authentication cannot be read. For Basic, form-encode id and secret, then base64 (RFC 6749 §2.3.1).',
  client_id_mismatch: 'client_id differs from the client that authenticates. Send the same one, or none.',
  assertion_type_unknown:
    'client_assertion_type is not urn:ietf:params:oauth:client-assertion-type:jwt-bearer. Send that.',
  assertion_malformed: 'The client assertion is not a signed JWT with the claims of RFC 7523 §3. Correct it.',
  assertion_key:
    "The client assertion is not signed by a key and algorithm of the client's jwks. Register the key or sign with it.",
  assertion_issuer:
    'iss and sub of the client assertion are not both the client_id (RFC 7523 §3). Correct them.',
  assertion_audience:
    'aud of the client assertion is not the issuer or the token endpoint alone. Use the issuer.',
  assertion_time:
    'The client assertion has expired, is not valid yet, or lives longer than an hour. Make one per request, and check the clock.',
  token_malformed:
    'What stands after Bearer is not a token (RFC 6750 §2.1). Send the access token as it was given.',
  token_missing: 'The request carries no access token. Send it in the Authorization header.',
  token_repeated: 'The access token came in more than one way (RFC 6750 §2). Use one.',
  token_in_query:
    'The access token came in the query string, which logs and histories keep (RFC 9700 §4.3.2). Send it in the Authorization header.',
  authorization_malformed:
    'The Authorization header is not the word Bearer, a space and one token (RFC 6750 §2.1). Send it in that form.',
  token_too_large: 'The token is larger than 16 KiB. Let the issuer put fewer claims into it.',
  token_alg_not_allowed:
    'The token is signed with an algorithm that is not allowed here. Let the issuer sign with one that is.',
  token_crit_unknown:
    'The header of the token demands an extension that is not understood (RFC 7515 §4.1.11). Let the issuer leave crit out.',
  token_typ_wrong:
    'The token is not an access token: its typ is not at+jwt (RFC 9068 §2.1). Send the access token, not the ID token.',
  token_key_unknown:
    'The token is signed with a key that its issuer does not publish. Get a new one; if all fail, compare the issuer the API expects.',
  token_signature_wrong: 'The signature of the token does not match. Send the token as it was given.',
  token_expired: 'The token has expired. Get a new one, with a refresh token where there is one.',
  token_not_yet_valid: 'The token is not valid yet. Compare the clocks of issuer and API.',
  token_issued_in_future: 'The token was issued in the future. Compare the clocks of issuer and API.',
  token_issuer_wrong: 'The token is from another issuer. Compare iss with the issuer that the API expects.',
  token_audience_wrong:
    'The token is for another API. Ask for one with resource set to the audience that this API expects (RFC 8707).',
  token_claim_missing:
    'The token lacks a claim that RFC 9068 §2.2 requires. Let the issuer make JWT access tokens by that profile.',
  token_claim_malformed:
    'A claim of the token has a form its definition does not allow. Correct it at the issuer.',
  token_claim_repeated: 'A member of the token comes twice (RFC 8725 §2.4). Correct it at the issuer.',
  token_bound:
    'The token is bound to a key of its holder (cnf), which a bearer request does not prove. Get one that is not bound.',
  scope_missing: 'The token lacks a scope that the route requires. Ask for it when authorizing.',
  role_missing:
    'The token lacks a role that the route requires. Grant it at the issuer, then get a new token.',
  permission_missing:
    'The token lacks a permission that the route requires. Give it to one of the roles, then get a new token.',
  issuer_unreachable:
    'The API cannot fetch the keys of its issuer. Try again; if it lasts, check the network and the issuer of the guard.',
  issuer_mismatch:
    'The discovery document names another issuer than the guard was given (RFC 8414 §3.3). Give the guard exactly the issuer of the document.',
  issuer_unreadable:
    'The discovery document or the key set of the issuer is not what RFC 8414 and RFC 7517 define. Open both, and correct the issuer of the guard.',
  metadata_malformed: 'A member of the client metadata has the wrong type, form or length. Correct it.',
  metadata_inconsistent: 'Two members of the client metadata contradict each other. Change one.',
  metadata_unsupported: 'The client metadata asks for something that is not supported. Leave the member out.',
  metadata_jwks:
    'jwks is not a set of public signing keys. Remove private and symmetric members, use RSA of 2048 bits or more, P-256 or Ed25519.',
  client_unknown: 'No client has this client_id. Copy it from the registration; it may have been deleted.',
  sign_in_required:
    'Nobody who satisfies the request is signed in, and prompt=none forbids asking. Send the person without prompt=none.',
  hint_other_person:
    'Somebody other than the person the request names (id_token_hint, or sub in claims) is signed in. Start again, without the hint where anybody is welcome.',
  hint_key_gone:
    'id_token_hint is signed with a key that has left the JWK set, so nobody can tell whom it names. Send the person without prompt=none.',
  hint_invalid:
    'id_token_hint is not an ID token that this issuer gave to this client. Send one that is, or none.',
  acr_unmet:
    'The request demands an authentication context class that cannot be met here. Leave acr out or ask for aal1.',
  consent_required:
    'The person has not allowed the app all it asks for, and prompt=none forbids asking. Send the person without prompt=none.',
  consent_denied: 'The person refused what the app asked for. Respect it, and offer to try again.',
  kept_requests_full:
    'Too many requests wait for their browsers to come back. Try again after the time in Retry-After.',
  kept_request_gone:
    'The request behind this page is older than five minutes. Go back to the app and start again.',
  logout_uri_mismatch:
    'post_logout_redirect_uri is not, character for character, one that the client registered. Register it or correct it.',
  logout_client_missing:
    'post_logout_redirect_uri came without a client to compare it with. Send client_id, or an id_token_hint that can be verified.',
  logout_client_mismatch:
    'client_id is not the client that id_token_hint was issued to. Send the same one, or none.',
  sign_in_refused:
    'The e-mail or the password is wrong, or too many attempts failed. Check both, or wait for the time in Retry-After.',
  account_unknown: 'No account has this e-mail. Only the log says so.',
  account_disabled: 'The account is disabled. Only the log says so; users enable lets it in again.',
  account_without_password:
    'The account has no password. Only the log says so; users set-password gives it one.',
  provider_unknown:
    'No provider of this id is in the settings. Compare the address with `providers`, or take the link from the sign-in page.',
  reauthentication_unproven:
    'The request demands that the person proves again who they are (prompt=login, max_age), and the provider did not say that they did (auth_time). Sign in another way; Microsoft sends auth_time once it is an optional claim of the app.',
  registration_closed:
    'Nobody here is linked with the account of the provider, and a first sign-in makes no accounts. Make one with users create, or set registration to open.',
  email_in_use:
    'An account has this e-mail, and the provider does not prove that it is the same person. Sign in as before and connect the provider at /account/connections.',
  email_missing:
    'The provider named no e-mail, and an account needs one. Allow it to share the address, or sign in otherwise and connect the provider at /account/connections.',
  subject_malformed:
    'The provider names the account in a way that cannot be stored. Compare its subject with OpenID Connect Core §2: at most 255 printable characters.',
  account_contended: 'Several sign-ins changed the account at once. Try again after the time in Retry-After.',
  identity_taken: 'The account of the provider signs in another account here. Unlink it there first.',
  password_wrong: 'The password is not that of the account. Only the log says so.',
  sign_in_throttled: 'Too many sign-ins failed before this one. Wait for the time in Retry-After.',
  passwords_busy:
    'More passwords wait to be checked than the server queues. Try again after the time in Retry-After.',
  logout_unreachable:
    'The back-channel logout address of a client did not answer 200 in time. Only the log says so; it is tried again.',
  logout_address_private:
    'The back-channel logout address of a client is on a private network. Only the log says so; allow it with --allow-private-host.',
  logout_given_up:
    'The back-channel logout address of a client failed too often, so it is not tried again. Only the log says so.',
  first_party_only:
    'The client is not a first-party one. Make it with --first-party, or send the person to the authorize endpoint.',
  browser_needed:
    'What was asked for needs a page that a person sees. Send the person to the authorize endpoint.',
  client_credentials_wrong:
    'No client has this id and secret. Copy both from the registration, or make a new secret with clients rotate-secret.',
  client_uses_basic:
    'The client is registered with client_secret_basic. Send id and secret in a Basic header, or register another method.',
  client_uses_post:
    'The client is registered with client_secret_post. Send client_id and client_secret in the form, or register another method.',
  client_uses_private_key_jwt:
    'The client is registered with private_key_jwt. Send a client_assertion signed by its key, or register another method.',
  client_uses_none:
    'The client is registered as a public one. Send client_id alone, without any secret, or register another method.',
  client_public:
    'A public client cannot prove who it is, and this asks for proof. Use a client with a secret or a key.',
  assertion_replayed:
    'The jti of the client assertion was used before. Make a new assertion for each request.',
  code_unknown: 'No such code exists: it was mistyped, or has been swept away long after its 60 seconds.',
  code_of_other_client: 'The code was issued to another client. Redeem it as the client that asked for it.',
  code_expired: 'The code is older than its lifetime (60 seconds by default). Redeem it at once.',
  code_replayed:
    'The code was redeemed before, so it may be stolen; what it minted is revoked. Redeem a code once, and start again.',
  redirect_uri_changed:
    'redirect_uri is not the one of the authorization request (RFC 6749 §4.1.3). Send the same text again.',
  session_ended: 'The session behind the code or the token has ended. Let the person sign in again.',
  user_disabled: 'The account is disabled. users enable lets it in again.',
  refresh_token_unknown:
    'No such refresh token exists: it was mistyped, deleted with its client or account, or swept away after its end.',
  refresh_token_of_other_client:
    'The refresh token was issued to another client. Present it as the client that got it.',
  refresh_token_revoked: 'The refresh token and its family are revoked. Let the person sign in again.',
  refresh_token_expired:
    'The refresh token was not used for too long, or its family has reached its end. Send the person to sign in again.',
  refresh_token_reused:
    'A rotated refresh token came again after its grace, so it may be stolen; its family is revoked. Keep only the newest one.',
  refresh_successor_gone:
    'The refresh token was rotated, and no good token follows it any more. Let the person sign in again.',
  refresh_contended:
    'Many requests rotate this refresh token at once. Try again after the time in Retry-After.',
  scope_rotated_otherwise:
    'The refresh token was rotated for other scopes a moment ago, and a repetition never gets more. Use the newest one.',
  token_dead: 'The access token is not one of ours, has expired or is revoked. Get a new one.',
  token_without_openid:
    'The access token lacks the scope openid, which userinfo needs. Ask for it at sign-in.',
  token_without_connection:
    'The access token lacks the scope connections:<provider>. Register the client for it, and ask for it at the authorize endpoint, with the issuer among the resources.',
  connection_not_allowed:
    'The client is not registered for the scope any more, or the person has not allowed it. Send the person through the authorize endpoint with it.',
  connection_unlinked:
    'The person has connected no account of this provider. Let them sign in with it, or connect it at /account/connections.',
  connection_lapsed:
    'Nothing that is kept of this account works any more: the provider refused it, or it has expired. Let the person sign in with the provider again.',
  upstream_unavailable:
    'The provider does not answer, or asks for patience. Try again after the time in Retry-After.',
  upstream_failed:
    'The provider refused the server itself, or its answer cannot be used. The event connection.refused in the log has the cause; it is for whoever runs the server.',
  token_of_other_client:
    'The token was issued to another client, which alone may revoke it. Ask as that client, or end the session.',
  content_type: 'The body is not application/x-www-form-urlencoded. Send a form.',
  body_too_large: 'The body is larger than the server takes (64 KiB). Send less.',
  body_unreadable: 'The body was consumed before it reached Doorward. Mount Doorward before body parsers.',
  body_incomplete: 'The connection ended before the whole body had arrived. Send the request again.',
  method_not_allowed: 'The endpoint does not answer this HTTP method. Use one from the Allow header.',
  not_found: 'Nothing answers at this address. Compare it with the discovery document of the issuer.',
  host_rewritten:
    'A proxy in front of Doorward hides the address that was asked for. Let it pass Host on (nginx: proxy_set_header Host $host), or send X-Forwarded-Host and X-Forwarded-Proto and name the proxy with --trust-proxy.',
  storage_unavailable:
    'The database cannot be reached for the moment. Try again after the time in Retry-After.',
  resource_unknown: 'A resource is named that is not registered. Register it with doorward resources create.',
  resource_not_granted:
    'The resource was not part of the authorization. Ask for it at the authorize endpoint.',
  scope_empty:
    'No requested scope is registered for the client and known to the resource. Compare clients show and resources show.',
  internal: 'Something failed inside the server. Its log has the cause under the same reference.',
} as const satisfies Record<string, string>

/** A stable cause code. */
export type Reason = keyof typeof REASONS
