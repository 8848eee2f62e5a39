import { isTrue, profileOf } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Atlassian. @see https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps */
export const atlassian = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'atlassian',
    name: 'Atlassian',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://auth.atlassian.com/authorize',
      token: 'https://auth.atlassian.com/oauth/token',
      userinfo: 'https://api.atlassian.com/me',
    },
    scope: 'read:me',
    clientAuth: 'post',
    pkce: true,
    authorizationParameters: { audience: 'api.atlassian.com', prompt: 'consent' },
    profile: ({ userinfo: { account_id: subject, email, email_verified, name, picture } }) =>
      profileOf({ subject, email, emailVerified: isTrue(email_verified), name, picture }),
  })
