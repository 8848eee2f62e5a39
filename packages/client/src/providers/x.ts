import { profileOf, record } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with X. @see https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token */
export const x = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'x',
    name: 'X',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://x.com/i/oauth2/authorize',
      token: 'https://api.x.com/2/oauth2/token',
      userinfo: 'https://api.x.com/2/users/me?user.fields=profile_image_url,confirmed_email',
      revocation: 'https://api.x.com/2/oauth2/revoke',
    },
    scope: 'users.read tweet.read users.email',
    clientAuth: 'basic',
    pkce: true,
    quirks: { rawBasic: true },
    profile: ({ userinfo }) => {
      const { id, name, confirmed_email: email, profile_image_url: picture } = record(userinfo.data)
      return profileOf({ subject: id, email, emailVerified: true, name, picture })
    },
  })
