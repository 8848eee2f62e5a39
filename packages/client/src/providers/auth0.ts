import { type OidcOptions, oidc } from './oidc.ts'
import type { Provider } from './provider.ts'

/** An Auth0 tenant by its domain: `acme.eu.auth0.com`, or one of your own. */
export type Auth0Options = Omit<OidcOptions, 'issuer'> & { readonly domain: string }

/**
 * Sign in with Auth0, whose issuer ends in a slash.
 *
 * @see https://auth0.com/docs/get-started/applications/configure-applications-with-oidc-discovery
 */
export const auth0 = ({ domain, ...options }: Auth0Options): Provider =>
  oidc({ id: 'auth0', name: 'Auth0', issuer: `https://${domain}/`, ...options })
