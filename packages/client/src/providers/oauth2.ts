import type { Endpoints, Provider, ProviderOptions, Quirks } from './provider.ts'

/** Any OAuth 2.0 provider that can say who signed in. */
export type OAuth2Options = Omit<ProviderOptions, 'clientSecret' | 'id' | 'name' | 'scope'> & {
  readonly id: string
  readonly name: string
  readonly scope: string
  readonly endpoints: Endpoints
  /** Left out for a public client, which PKCE alone protects. */
  readonly clientSecret?: NonNullable<Provider['clientSecret']>
  /** How the secret is sent: `basic` by default. */
  readonly clientAuth?: 'basic' | 'post'
  /** True by default; false only for a provider that refuses PKCE. */
  readonly pkce?: boolean
  readonly quirks?: Quirks
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
