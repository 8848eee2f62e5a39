import type { Endpoints } from './provider.ts'

const apple = 'https://appleid.apple.com/auth'

/**
 * As Apple documents them. Its discovery named another host and issuer for days, which its ID tokens did not.
 *
 * @see https://developer.apple.com/documentation/signinwithapplerestapi
 * @see https://github.com/supabase/auth/issues/2051
 */
export const appleEndpoints: Endpoints = {
  authorization: `${apple}/authorize`,
  token: `${apple}/token`,
  jwks: `${apple}/keys`,
  revocation: `${apple}/revoke`,
}
