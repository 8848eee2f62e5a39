import { standardProfile } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Yahoo. @see https://developer.yahoo.com/sign-in-with-yahoo */
export const yahoo = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'yahoo',
    name: 'Yahoo',
    protocol: 'oidc',
    issuer: 'https://api.login.yahoo.com',
    scope: 'openid profile email',
    clientAuth: 'basic',
    pkce: true,
    profile: standardProfile,
  })
