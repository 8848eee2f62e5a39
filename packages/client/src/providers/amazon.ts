import { profileOf } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Amazon. @see https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html */
export const amazon = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'amazon',
    name: 'Amazon',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://www.amazon.com/ap/oa',
      token: 'https://api.amazon.com/auth/o2/token',
      userinfo: 'https://api.amazon.com/user/profile',
    },
    scope: 'profile',
    clientAuth: 'post',
    pkce: true,
    profile: ({ userinfo: { user_id: subject, email, name } }) => profileOf({ subject, email, name }),
  })
