import { define } from './define.ts'
import { discordProfile } from './discord-profile.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Discord. @see https://discord.com/developers/docs/topics/oauth2 */
export const discord = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'discord',
    name: 'Discord',
    protocol: 'oauth2',
    endpoints: {
      authorization: 'https://discord.com/oauth2/authorize',
      token: 'https://discord.com/api/oauth2/token',
      userinfo: 'https://discord.com/api/users/@me',
      revocation: 'https://discord.com/api/oauth2/token/revoke',
    },
    scope: 'identify email',
    clientAuth: 'post',
    pkce: true,
    profile: discordProfile,
  })
