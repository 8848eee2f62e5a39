import type { Config } from '../config/schema.ts'
import { InputError } from './input-error.ts'

/** The one form in which a password is hashed, so that every keyboard's spelling of it is the same (SP 800-63B-4 §3.1.1.2). */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC')
}

/** Checks a new password's length in code points after NFKC. Throws InputError, which never repeats it. */
export function checkPassword(password: string, policy: Config['password']): void {
  const length = [...normalizePassword(password)].length
  if (length < policy.minLength) {
    throw new InputError(
      'invalid',
      'password',
      `The password is too short: use at least ${policy.minLength} characters.`,
    )
  }
  if (length > policy.maxLength) {
    throw new InputError(
      'invalid',
      'password',
      `The password is too long: use at most ${policy.maxLength} characters.`,
    )
  }
}
