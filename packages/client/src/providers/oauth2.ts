import type { Endpoints, Provider, ProviderOptions, Quirks } from './provider.ts'

/** Any OAuth 2.0 provider that can say who signed in. */
export type OAuth2Options = Omit<ProviderOptions, 'clientSecret' | 'id' | 'name' | 'scope'> & {
  /** The segment of the path: 1 to 32 of a-z, 0-9 and -. */
  readonly id: string
  /** For buttons. */
  readonly name: string
  /** Separated by spaces; empty for a provider that takes none. */
  readonly scope: string
  /** Its addresses: `authorization` and `token` at least. */
  readonly endpoints: Endpoints
  /** Left out for a public client, which PKCE alone protects. */
  readonly clientSecret?: NonNullable<Provider['clientSecret']>
  /** How the secret is sent: `basic` by default. */
  readonly clientAuth?: 'basic' | 'post'
  /** PKCE by S256: true by default; false only for a provider that refuses it. */
  readonly pkce?: boolean
  /** Where the provider departs from the standards. */
  readonly quirks?: Quirks
  /** `{ url }`: a second endpoint that is asked with the access token; `profile` finds its JSON in `extra`. */
  readonly extra?: NonNullable<Provider['extra']>
  /** Who signed in. An e-mail address is verified only if the provider says so. */
  readonly profile: Provider['profile']
}

/**
 * Sign in with an OAuth 2.0 provider without OpenID Connect (RFC 6749): its endpoints, and how a profile is read.
 *
 * @example oauth2({ id: 'acme', name: 'Acme', endpoints: { authorization, token, userinfo }, scope: 'me', … })
 */
export const oauth2 = ({ clientAuth = 'basic', pkce = true, ...options }: OAuth2Options): Provider => ({
  ...options,
  protocol: 'oauth2',
  clientAuth: options.clientSecret === undefined ? 'none' : clientAuth,
  pkce,
})
