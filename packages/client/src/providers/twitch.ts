import { standardProfile } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

const asked = { email: null, email_verified: null, picture: null, preferred_username: null }

/** Sign in with Twitch. @see https://dev.twitch.tv/docs/authentication/getting-tokens-oidc */
export const twitch = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'twitch',
    name: 'Twitch',
    protocol: 'oidc',
    issuer: 'https://id.twitch.tv/oauth2',
    scope: 'openid user:read:email',
    clientAuth: 'post',
    pkce: true,
    authorizationParameters: { claims: JSON.stringify({ id_token: asked, userinfo: asked }) },
    quirks: { scopeList: true, noReauthentication: true },
    profile: standardProfile,
  })
