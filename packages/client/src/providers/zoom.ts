import { profileOf } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Zoom. @see https://developers.zoom.us/docs/integrations/oauth */
export const zoom = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'zoom',
    name: 'Zoom',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://zoom.us/oauth/authorize',
      token: 'https://zoom.us/oauth/token',
      userinfo: 'https://api.zoom.us/v2/users/me',
      revocation: 'https://zoom.us/oauth/revoke',
    },
    scope: 'user:read:user',
    clientAuth: 'basic',
    pkce: true,
    quirks: { rawBasic: true },
    // `verified` is 1 where the address was proven, else 0.
    profile: ({ userinfo: { id: subject, email, verified, display_name: name, pic_url: picture } }) =>
      profileOf({ subject, email, emailVerified: verified === 1, name, picture }),
  })
