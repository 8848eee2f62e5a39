import { standardProfile } from './claims.ts'
import type { Endpoints, Provider, ProviderOptions, Quirks } from './provider.ts'

/** Any OpenID Connect provider. */
export type OidcOptions = Omit<ProviderOptions, 'clientSecret'> & {
  /** Exactly as the provider writes it: discovery, and each ID token, must say the same. */
  readonly issuer: string
  /** Left out for a public client, which PKCE alone protects. */
  readonly clientSecret?: string
  /** How the secret is sent: `basic` by default. */
  readonly clientAuth?: 'basic' | 'post'
  /** PKCE by S256: true by default; false only for a provider that refuses it. */
  readonly pkce?: boolean
  /** In place of what discovery says. */
  readonly endpoints?: Endpoints
  /** Where the provider departs from the standards. */
  readonly quirks?: Quirks
  /** How a profile is read; the standard claims by default. */
  readonly profile?: Provider['profile']
}

const given = <Key extends string, Value>(key: Key, value: Value | undefined) =>
  value === undefined ? {} : { [key]: value }

/**
 * Sign in with any provider that has a discovery document (OpenID Connect Discovery 1.0).
 *
 * @example oidc({ id: 'acme', name: 'Acme', issuer: 'https://id.acme.example', clientId, clientSecret })
 */
export const oidc = (options: OidcOptions): Provider => ({
  id: options.id ?? 'oidc',
  // What is no address is refused where the client is made, with the other options.
  name: options.name ?? (URL.canParse(options.issuer) ? new URL(options.issuer).host : 'oidc'),
  protocol: 'oidc',
  issuer: options.issuer,
  scope: options.scope ?? 'openid profile email',
  clientId: options.clientId,
  clientAuth: options.clientSecret === undefined ? 'none' : (options.clientAuth ?? 'basic'),
  pkce: options.pkce ?? true,
  profile: options.profile ?? standardProfile,
  ...given('clientSecret', options.clientSecret),
  ...given('authorizationParameters', options.authorizationParameters),
  ...given('endpoints', options.endpoints),
  ...given('quirks', options.quirks),
})
