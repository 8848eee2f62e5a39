import { isTrue, profileOf, record } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Dropbox. @see https://developers.dropbox.com/oauth-guide */
export const dropbox = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'dropbox',
    name: 'Dropbox',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://www.dropbox.com/oauth2/authorize',
      token: 'https://api.dropboxapi.com/oauth2/token',
      userinfo: 'https://api.dropboxapi.com/2/users/get_current_account',
    },
    scope: 'account_info.read',
    clientAuth: 'post',
    pkce: true,
    quirks: { userinfoPost: true },
    profile: ({ userinfo: { account_id, email, email_verified, name, profile_photo_url: picture } }) => {
      const [subject, emailVerified] = [account_id, isTrue(email_verified)]
      return profileOf({ subject, email, emailVerified, name: record(name).display_name, picture })
    },
  })
