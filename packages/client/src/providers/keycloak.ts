import { type OidcOptions, oidc } from './oidc.ts'
import type { Provider } from './provider.ts'

/**
 * Sign in with Keycloak. `issuer` ends in the realm: `https://…/realms/NAME`.
 *
 * @see https://www.keycloak.org/securing-apps/oidc-layers
 */
export const keycloak = (options: OidcOptions): Provider =>
  oidc({ id: 'keycloak', name: 'Keycloak', ...options })
