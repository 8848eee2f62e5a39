import { standardProfile } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/**
 * Sign in with Google. A refresh token comes with `authorizationParameters: { access_type: 'offline', prompt: 'consent' }`.
 *
 * @see https://developers.google.com/identity/openid-connect/openid-connect
 */
export const google = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'google',
    name: 'Google',
    protocol: 'oidc',
    issuer: 'https://accounts.google.com',
    scope: 'openid email profile',
    clientAuth: 'post',
    pkce: true,
    quirks: { noReauthentication: true },
    profile: standardProfile,
  })
