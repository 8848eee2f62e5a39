import { record, standardProfile, text } from './claims.ts'
import type { Profile, ProfileSource } from './provider.ts'

/**
 * The name comes beside the code, at the first sign-in only, and unsigned; the address is taken from the ID token
 * alone, since the browser could have written any into the form.
 *
 * @see https://developer.apple.com/documentation/signinwithapple/configuring-your-webpage-for-sign-in-with-apple
 */
export function appleProfile(from: ProfileSource): Profile {
  const { firstName, lastName } = record(record(from.extra).name)
  const name = [text(firstName), text(lastName)].filter((part) => part !== null).join(' ')
  return { ...standardProfile(from), name: text(name) }
}
