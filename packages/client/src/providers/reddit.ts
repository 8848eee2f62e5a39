import { profileOf, text } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Reddit, which tells no address. @see https://github.com/reddit-archive/reddit/wiki/OAuth2 */
export const reddit = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'reddit',
    name: 'Reddit',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://www.reddit.com/api/v1/authorize',
      token: 'https://www.reddit.com/api/v1/access_token',
      userinfo: 'https://oauth.reddit.com/api/v1/me',
      revocation: 'https://www.reddit.com/api/v1/revoke_token',
    },
    scope: 'identity',
    clientAuth: 'basic',
    pkce: true,
    quirks: { rawBasic: true },
    // The picture's address is written for HTML: its query is escaped.
    profile: ({ userinfo: { id, name, icon_img } }) =>
      profileOf({ subject: id, name, picture: text(icon_img)?.replaceAll('&amp;', '&') }),
  })
