import { profileOf, records } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Spotify, which says that its addresses are unproven. @see https://developer.spotify.com/documentation/web-api/tutorials/code-flow */
export const spotify = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'spotify',
    name: 'Spotify',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://accounts.spotify.com/authorize',
      token: 'https://accounts.spotify.com/api/token',
      userinfo: 'https://api.spotify.com/v1/me',
    },
    scope: 'user-read-email',
    clientAuth: 'basic',
    pkce: true,
    quirks: { rawBasic: true },
    profile: ({ userinfo: { id, email, display_name: name, images } }) =>
      profileOf({ subject: id, email, name, picture: records(images)[0]?.url }),
  })
