import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../src/crypto/index.ts'
import { checkCodeVerifier, isCodeChallenge } from '../src/pkce.ts'
import { anyText } from './any-text.ts'
import { expectRefusal, expectTyped } from './refusal.ts'

// RFC 7636 Appendix B
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

describe('checkCodeVerifier', () => {
  it('accepts the verifier of RFC 7636 Appendix B', () => {
    expect(() => checkCodeVerifier(VERIFIER, CHALLENGE)).not.toThrow()
  })

  it('accepts neither verifier nor challenge, for clients that may go without', () => {
    expect(() => checkCodeVerifier(null, null)).not.toThrow()
  })

  it('refuses a missing verifier where there is a challenge, RFC 7636 §4.6', () => {
    expectRefusal(() => checkCodeVerifier(null, CHALLENGE), 'invalid_grant', 'pkce_verifier_missing')
  })

  it('refuses a verifier without a challenge, the downgrade of RFC 9700 §2.1.1', () => {
    expectRefusal(() => checkCodeVerifier(VERIFIER, null), 'invalid_grant', 'pkce_unexpected')
  })

  it.each([
    ['another verifier', 'a'.repeat(43), CHALLENGE],
    ['the challenge itself, as plain would have it', CHALLENGE, CHALLENGE],
    ['42 characters', 'a'.repeat(42), sha256('a'.repeat(42))],
    ['129 characters', 'a'.repeat(129), sha256('a'.repeat(129))],
    ['a character outside of the unreserved set', `${'a'.repeat(43)}+`, sha256(`${'a'.repeat(43)}+`)],
    ['a trailing line break', `${VERIFIER}\n`, sha256(`${VERIFIER}\n`)],
    ['an empty one', '', sha256('')],
  ])('refuses %s, RFC 7636 §4.1 and §4.6', (_, verifier, challenge) => {
    expectRefusal(() => checkCodeVerifier(verifier, challenge), 'invalid_grant', 'pkce_mismatch')
  })

  it('accepts any verifier of RFC 7636 §4.1 against its own challenge and no other', () => {
    const verifiers = fc.stringMatching(/^[A-Za-z0-9\-._~]{43,128}$/)
    fc.assert(
      fc.property(verifiers, (verifier) => {
        expect(isCodeChallenge(sha256(verifier))).toBe(true)
        checkCodeVerifier(verifier, sha256(verifier))
        expectRefusal(() => checkCodeVerifier(verifier, CHALLENGE), 'invalid_grant', 'pkce_mismatch')
      }),
    )
  })

  it('whatever text comes in, it passes or is refused as invalid_grant', () => {
    const text = fc.option(anyText)
    fc.assert(
      fc.property(text, text, (verifier, challenge) =>
        expectTyped(() => checkCodeVerifier(verifier, challenge)),
      ),
    )
  })
})

describe('isCodeChallenge', () => {
  it.each([
    '',
    'short',
    VERIFIER.slice(1),
    `${CHALLENGE}=`,
    `${CHALLENGE}A`,
    `${CHALLENGE.slice(0, 42)}+`,
    `${CHALLENGE}\n`,
  ])('is false for %j, which no SHA-256 in base64url is', (text) => expect(isCodeChallenge(text)).toBe(false))

  it('is false where the last character has bits that no SHA-256 sets, RFC 4648 §3.5', () => {
    expect(isCodeChallenge(`${CHALLENGE.slice(0, 42)}N`)).toBe(false)
  })
})
