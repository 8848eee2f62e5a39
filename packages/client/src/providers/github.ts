import { define } from './define.ts'
import { githubProfile } from './github-profile.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with GitHub. @see https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps */
export const github = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'github',
    name: 'GitHub',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://github.com/login/oauth/authorize',
      token: 'https://github.com/login/oauth/access_token',
      userinfo: 'https://api.github.com/user',
    },
    extra: { url: 'https://api.github.com/user/emails' },
    scope: 'read:user user:email',
    clientAuth: 'post',
    pkce: true,
    quirks: { acceptJson: true, errorsIn200: true, commaScopesInAnswer: true },
    profile: githubProfile,
  })
