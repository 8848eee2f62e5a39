import { profileOf, record } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Notion. @see https://developers.notion.com/docs/authorization */
export const notion = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'notion',
    name: 'Notion',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://api.notion.com/v1/oauth/authorize',
      token: 'https://api.notion.com/v1/oauth/token',
    },
    scope: '',
    clientAuth: 'basic',
    pkce: true,
    authorizationParameters: { owner: 'user' },
    quirks: { rawBasic: true, jsonTokenRequest: true, userinfoInTokenAnswer: true },
    profile: ({ userinfo }) => {
      const { id, name, person, avatar_url: picture } = record(record(userinfo.owner).user)
      return profileOf({ subject: id, email: record(person).email, name, picture })
    },
  })
