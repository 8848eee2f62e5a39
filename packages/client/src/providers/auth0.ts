import { OptionError } from '../errors.ts'
import { type OidcOptions, oidc } from './oidc.ts'
import type { Provider } from './provider.ts'

/** Any OpenID Connect provider's, but for the issuer. */
export type Auth0Options = Omit<OidcOptions, 'issuer'> & {
  /** The tenant's: `acme.eu.auth0.com`, or one of your own. */
  readonly domain: string
}

/**
 * Sign in with Auth0, whose issuer ends in a slash.
 *
 * @see https://auth0.com/docs/get-started/applications/configure-applications-with-oidc-discovery
 */
export const auth0 = ({ domain, ...options }: Auth0Options): Provider => {
  if (typeof domain === 'string' && /^[\w.-]+$/.test(domain))
    return oidc({ id: 'auth0', name: 'Auth0', issuer: `https://${domain}/`, ...options })
  throw new OptionError(
    'domain',
    `domain is ${JSON.stringify(domain)}. Give the host alone: acme.eu.auth0.com.`,
  )
}
