import { profileOf, record, text } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Naver. @see https://developers.naver.com/docs/login/api/api.md */
export const naver = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'naver',
    name: 'Naver',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://nid.naver.com/oauth2.0/authorize',
      token: 'https://nid.naver.com/oauth2.0/token',
      userinfo: 'https://openapi.naver.com/v1/nid/me',
    },
    scope: '',
    clientAuth: 'post',
    pkce: true,
    // @see https://developers.naver.com/docs/login/profile/profile.md
    profile: ({ userinfo }) => {
      const { id, email, name, nickname, profile_image: picture } = record(userinfo.response)
      return profileOf({ subject: id, email, name: text(name) ?? nickname, picture })
    },
  })
