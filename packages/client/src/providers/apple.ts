import { type AppleOptions, appleClientSecret } from './apple-client-secret.ts'
import { appleEndpoints } from './apple-endpoints.ts'
import { appleProfile } from './apple-profile.ts'
import type { Provider } from './provider.ts'

/** Sign in with Apple. @see https://developer.apple.com/documentation/signinwithapplerestapi */
export const apple = ({ scope = 'openid name email', ...options }: AppleOptions): Provider => ({
  id: options.id ?? 'apple',
  name: options.name ?? 'Apple',
  protocol: 'oidc',
  issuer: 'https://appleid.apple.com',
  endpoints: appleEndpoints,
  scope,
  clientId: options.clientId,
  clientSecret: appleClientSecret(options),
  clientAuth: 'post',
  pkce: true,
  authorizationParameters: options.authorizationParameters ?? {},
  // Asked for a name or an address, Apple answers by form_post alone.
  quirks: {
    noReauthentication: true,
    ...(/\b(?:name|email)\b/.test(scope) ? { formPost: true, userField: true } : {}),
  },
  profile: appleProfile,
})
