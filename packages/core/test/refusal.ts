import { expect } from 'vitest'
import { OAuthError, type OAuthErrorCode } from '../src/errors.ts'
import type { Reason } from '../src/reasons.ts'

/** Runs `act` and answers what it threw, which must be an OAuthError. */
export function refusal(act: () => unknown): OAuthError {
  try {
    act()
  } catch (error) {
    if (error instanceof OAuthError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** Fails unless `act` is refused with this code and cause. */
export function expectRefusal(act: () => unknown, code: OAuthErrorCode, reason: Reason): void {
  const { code: actualCode, reason: actualReason } = refusal(act)
  expect({ code: actualCode, reason: actualReason }).toEqual({ code, reason })
}

/** Fails unless `act` either returns or throws an OAuthError that may go on the wire: RFC 6749 §5.2's characters. */
export function expectTyped(act: () => unknown): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    if (!/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/.test(error.description)) {
      throw new Error(`not for the wire: ${error.description}`)
    }
  }
}
