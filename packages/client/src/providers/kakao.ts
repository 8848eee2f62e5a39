import { isTrue, profileOf, record } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Kakao. @see https://developers.kakao.com/docs/latest/en/kakaologin/rest-api */
export const kakao = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'kakao',
    name: 'Kakao',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://kauth.kakao.com/oauth/authorize',
      token: 'https://kauth.kakao.com/oauth/token',
      userinfo: 'https://kapi.kakao.com/v2/user/me',
    },
    scope: 'account_email profile_nickname profile_image',
    clientAuth: 'post',
    pkce: true,
    quirks: { commaScopes: true },
    profile: ({ userinfo: { id: subject, kakao_account } }) => {
      const { email, is_email_valid: valid, is_email_verified: verified, profile } = record(kakao_account)
      const { nickname: name, profile_image_url: picture } = record(profile)
      return profileOf({ subject, email, emailVerified: isTrue(valid) && isTrue(verified), name, picture })
    },
  })
