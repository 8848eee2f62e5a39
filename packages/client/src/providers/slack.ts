import { standardProfile } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Slack. @see https://docs.slack.dev/authentication/sign-in-with-slack */
export const slack = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'slack',
    name: 'Slack',
    protocol: 'oidc',
    issuer: 'https://slack.com',
    scope: 'openid profile email',
    clientAuth: 'post',
    // For apps alone that were switched to public clients, for good; users saw a secret and a verifier together refused there.
    // @see https://docs.slack.dev/authentication/using-pkce
    pkce: false,
    // `{"ok":false,"error":"…"}` comes with status 200.
    quirks: { errorsIn200: true },
    profile: standardProfile,
  })
