import { profileOf, record } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Facebook. @see https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow */
export const facebook = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'facebook',
    name: 'Facebook',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://www.facebook.com/v21.0/dialog/oauth',
      token: 'https://graph.facebook.com/v21.0/oauth/access_token',
      userinfo: 'https://graph.facebook.com/v21.0/me?fields=id,name,email,picture',
    },
    scope: 'public_profile email',
    clientAuth: 'post',
    pkce: true,
    profile: ({ userinfo }) => {
      const picture = record(record(userinfo.picture).data).url
      return profileOf({ subject: userinfo.id, email: userinfo.email, name: userinfo.name, picture })
    },
  })
