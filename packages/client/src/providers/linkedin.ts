import { standardProfile } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/**
 * Sign in with LinkedIn. Its ID tokens have no nonce, and a `code_verifier` beside the secret is `invalid_client`.
 *
 * @see https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2
 * @see https://github.com/nextauthjs/next-auth/issues/8831 https://github.com/authlib/authlib/issues/763
 */
export const linkedin = (options: ProviderOptions): Provider =>
  define(options, {
    id: 'linkedin',
    name: 'LinkedIn',
    protocol: 'oidc',
    issuer: 'https://www.linkedin.com/oauth',
    scope: 'openid profile email',
    clientAuth: 'post',
    pkce: false,
    quirks: { noNonce: true, noReauthentication: true },
    profile: standardProfile,
  })
