import { bitbucketProfile } from './bitbucket-profile.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Bitbucket. @see https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud */
export const bitbucket = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'bitbucket',
    name: 'Bitbucket',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://bitbucket.org/site/oauth2/authorize',
      token: 'https://bitbucket.org/site/oauth2/access_token',
      userinfo: 'https://api.bitbucket.org/2.0/user',
    },
    extra: { url: 'https://api.bitbucket.org/2.0/user/emails' },
    scope: 'account email',
    clientAuth: 'basic',
    pkce: true,
    quirks: { rawBasic: true },
    profile: bitbucketProfile,
  })
