import { type OidcOptions, oidc } from './oidc.ts'
import type { Provider } from './provider.ts'

/**
 * Sign in with a Doorward server, by the defaults of `doorward clients create`.
 *
 * @see https://www.npmjs.com/package/doorward
 */
export const doorward = (options: OidcOptions): Provider =>
  oidc({ id: 'doorward', name: 'Doorward', scope: 'openid profile email offline_access', ...options })
