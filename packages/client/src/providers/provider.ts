/** What a provider answered, as it came: names are the provider's. */
export type Claims = Readonly<Record<string, unknown>>

/** Who signed in, in one shape for all providers. */
export type Profile = {
  /** Never changes for this account at this provider. Empty where the answer had none: then nobody signs in. */
  readonly subject: string
  readonly email: string | null
  /** True only where the provider says that the address was proven; never inferred. */
  readonly emailVerified: boolean
  readonly name: string | null
  readonly picture: string | null
}

/** What a profile is read from. */
export type ProfileSource = {
  /** The verified ID token's claims; empty where there is no ID token. */
  readonly claims: Claims
  /** Empty where the provider has no such endpoint. */
  readonly userinfo: Claims
  /** The JSON that `extra.url` answered, or Apple's `user` field. */
  readonly extra: unknown
}

/**
 * Where a provider departs from the standards. `exchange/` reads each flag in the step that it changes; `formPost` also
 * decides over the cookies of `handlers/`.
 */
export type Quirks = {
  /** Token errors come with status 200 (GitHub, Slack). */
  readonly errorsIn200?: true
  /** Scopes are separated by commas in the authorization request (Kakao). */
  readonly commaScopes?: true
  /** Scopes are separated by commas in the token answer (GitHub). */
  readonly commaScopesInAnswer?: true
  /** Answers by `response_mode=form_post`: the transaction cookie is SameSite=None, so https is needed. */
  readonly formPost?: true
  /** The callback's `user` field carries JSON at the first sign-in only; handed on as `extra` (Apple). */
  readonly userField?: true
  /** The issuer in discovery has `{tenantid}` where ID tokens have their `tid` (Microsoft Entra ID). */
  readonly issuerTemplate?: true
  /** Answers the token request form-encoded unless asked for JSON: ask, and take both (GitHub). */
  readonly acceptJson?: true
  /** Takes `client_id:client_secret` in Basic as they are, not form-encoded first (RFC 6749 §2.3.1). */
  readonly rawBasic?: true
  /** The token request is a JSON document, not a form. */
  readonly jsonTokenRequest?: true
  /** The token answer has `scope` as a list of strings (Twitch). */
  readonly scopeList?: true
  /** The token answer itself says who signed in; it is handed on as `userinfo` (Notion). */
  readonly userinfoInTokenAnswer?: true
  /** Userinfo is asked by POST without a body (Dropbox). */
  readonly userinfoPost?: true
  /** The ID token has no `nonce`, though one was sent (LinkedIn). */
  readonly noNonce?: true
  /** Cannot be made to ask anew who it is: takes no `prompt=login`, or tells no `auth_time` (Google). Servers read it. */
  readonly noReauthentication?: true
  /** ID tokens are signed by HS256 with the client secret (LINE). */
  readonly hs256IdToken?: true
}

/** Addresses of a provider without discovery. */
export type Endpoints = {
  /** Where the browser is sent (RFC 6749 §3.1). */
  readonly authorization: string
  /** Where the code is exchanged, and tokens are refreshed (RFC 6749 §3.2). */
  readonly token: string
  /** Who says whose an access token is, in JSON. */
  readonly userinfo?: string
  /** Where a sign-out revokes tokens (RFC 7009). */
  readonly revocation?: string
  /** Where a sign-out sends the browser (OpenID Connect RP-Initiated Logout). */
  readonly endSession?: string
  /** The keys that ID tokens are signed with (RFC 7517). With it nothing is discovered. */
  readonly jwks?: string
}

/** What a provider is: data. */
export type Provider = {
  /** The path segment: `google`; `[a-z0-9-]{1,32}`. */
  readonly id: string
  /** For buttons: `Google`. */
  readonly name: string
  readonly protocol: 'oidc' | 'oauth2'
  /** OpenID Connect: discovery starts here, and ID tokens must say the same (but for `issuerTemplate`). */
  readonly issuer?: string
  /** In place of discovery, or beside it for what discovery leaves out. */
  readonly endpoints?: Endpoints
  /** Space separated. */
  readonly scope: string
  readonly clientId: string
  /** A function where the secret is made anew for each request (Apple); `now` in seconds. */
  readonly clientSecret?: string | ((now: number) => Promise<string>)
  readonly clientAuth: 'basic' | 'post' | 'none'
  /** False only where the provider is known to refuse PKCE. */
  readonly pkce: boolean
  readonly authorizationParameters?: Readonly<Record<string, string>>
  readonly quirks?: Quirks
  readonly profile: (from: ProfileSource) => Profile
  /** A second endpoint that is asked with the access token, such as GitHub's e-mail addresses. */
  readonly extra?: { readonly url: string }
}

/** What every provider is made from. */
export type ProviderOptions = {
  /** From the provider's console. */
  readonly clientId: string
  /** From the provider's console too. */
  readonly clientSecret: string
  /** In place of the provider's own default, space separated. */
  readonly scope?: string
  /** More parameters of the authorization request, such as Google's `access_type`. */
  readonly authorizationParameters?: Readonly<Record<string, string>>
  /** In place of the provider's own path segment: for two registrations at one provider. */
  readonly id?: string
  /** In place of the provider's own name on buttons. */
  readonly name?: string
}
