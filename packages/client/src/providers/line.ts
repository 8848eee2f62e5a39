import { standardProfile } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with LINE, which does not say whether an address was proven. @see https://developers.line.biz/en/docs/line-login/integrate-line-login/ */
export const line = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'line',
    name: 'LINE',
    protocol: 'oidc',
    issuer: 'https://access.line.me',
    scope: 'openid profile email',
    clientAuth: 'post',
    pkce: true,
    // @see https://developers.line.biz/en/docs/line-login/verify-id-token/
    quirks: { hs256IdToken: true, noReauthentication: true },
    profile: standardProfile,
  })
