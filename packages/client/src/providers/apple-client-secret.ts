import type { ProviderOptions } from './provider.ts'

/** The team, and a key for Sign in with Apple, as Apple's console shows them. */
export type AppleKey = {
  /** The ten characters of the team, the JWT's issuer. */
  readonly teamId: string
  /** The ten characters of the key. */
  readonly keyId: string
  /** The text of the .p8 file. */
  readonly privateKey: string
}

/** `clientId` is the Services ID. */
export type AppleOptions = Omit<ProviderOptions, 'clientSecret'> & AppleKey

const lifetime = 300

/**
 * Apple's client secret: a JWT that says who asks, signed by ES256 with the team's key, made for each request.
 *
 * @see https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret
 */
export const appleClientSecret =
  ({ teamId, keyId, privateKey, clientId }: AppleKey & { readonly clientId: string }) =>
  async (now: number): Promise<string> => {
    // Loaded when first used: whoever only names providers does not wait for it.
    const { importPKCS8, SignJWT } = await import('jose')
    const key = await importPKCS8(privateKey, 'ES256')
    return new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: keyId })
      .setIssuer(teamId)
      .setSubject(clientId)
      .setAudience('https://appleid.apple.com')
      .setIssuedAt(now)
      .setExpirationTime(now + lifetime)
      .sign(key)
  }
