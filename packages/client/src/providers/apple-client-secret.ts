import { isEs256PrivatePem } from '@doorward/core/crypto'
import { OptionError } from '../errors.ts'
import type { ProviderOptions } from './provider.ts'

/** The team, and a key for Sign in with Apple, as Apple's console shows them. */
export type AppleKey = {
  /** The ten characters of the team, the JWT's issuer. */
  readonly teamId: string
  /** The ten characters of the key. */
  readonly keyId: string
  /** The text of the .p8 file. Its line ends may be written `\n`, as environment variables have them. */
  readonly privateKey: string
}

/** `clientId` is the Services ID. */
export type AppleOptions = Omit<ProviderOptions, 'clientSecret'> & AppleKey

const lifetime = 300

/**
 * Apple's client secret: a JWT that says who asks, signed by ES256 with the team's key, made for each request. Throws
 * OptionError where the key is none.
 *
 * @see https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret
 */
export function appleClientSecret({
  teamId,
  keyId,
  privateKey,
  clientId,
}: AppleKey & { readonly clientId: string }): (now: number) => Promise<string> {
  checkId(teamId, 'teamId', 'Membership details')
  checkId(keyId, 'keyId', 'Keys')
  const pem = pemOf(privateKey)
  return async (now) => {
    // Loaded when first used: whoever only names providers does not wait for it.
    const { importPKCS8, SignJWT } = await import('jose')
    const key = await importPKCS8(pem, 'ES256')
    return new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: keyId })
      .setIssuer(teamId)
      .setSubject(clientId)
      .setAudience('https://appleid.apple.com')
      .setIssuedAt(now)
      .setExpirationTime(now + lifetime)
      .sign(key)
  }
}

function checkId(value: unknown, option: string, place: string): void {
  if (typeof value === 'string' && /^\w{10}$/.test(value)) return
  // Never what was given: it may be the key, in the wrong place.
  const written = value === undefined ? 'is missing' : 'is none'
  const message = `${option} ${written}. Give the ten characters that Apple's console shows under ${place}.`
  throw new OptionError(option, message)
}

/** Environment variables and secret stores have `\n` where a file has line ends. */
function pemOf(privateKey: unknown): string {
  const pem = typeof privateKey === 'string' ? privateKey.replaceAll('\\n', '\n').trim() : ''
  if (isEs256PrivatePem(pem)) return pem
  const message =
    'privateKey is not the text of a .p8 file. Give all of it, from -----BEGIN PRIVATE KEY----- on; line ends may be written \\n.'
  throw new OptionError('privateKey', message)
}
