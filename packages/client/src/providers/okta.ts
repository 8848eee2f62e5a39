import { type OidcOptions, oidc } from './oidc.ts'
import type { Provider } from './provider.ts'

/**
 * Sign in with Okta. `issuer` is the org's address, or `https://…/oauth2/default` for a custom authorization server.
 *
 * @see https://developer.okta.com/docs/concepts/auth-servers
 */
export const okta = (options: OidcOptions): Provider => oidc({ id: 'okta', name: 'Okta', ...options })
