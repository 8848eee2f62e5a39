import { describe, expect, it } from 'vitest'
import { checkPassword, normalizePassword } from '../../src/identity/password-policy.ts'

const policy = { minLength: 12, maxLength: 256 }

describe('checkPassword, SP 800-63B-4 §3.1.1', () => {
  it.each(['a'.repeat(12), 'a'.repeat(256), '🔑'.repeat(12), ' '.repeat(12)])(
    'takes 12 to 256 code points',
    (password) => {
      expect(() => checkPassword(password, policy)).not.toThrow()
    },
  )

  it.each([
    ['a'.repeat(11), /at least 12/],
    ['🔑'.repeat(11), /at least 12/],
    // Eleven code points after NFKC, thirteen before.
    [`${'a'.repeat(9)}e\u0301e\u0301`, /at least 12/],
    ['a'.repeat(257), /at most 256/],
  ])('counts code points after NFKC', (password, message) => {
    expect(() => checkPassword(password, policy)).toThrow(message)
    expect(() => checkPassword(password, policy)).not.toThrow(password)
  })

  it("makes one password of every keyboard's spelling", () => {
    expect(normalizePassword('pa\u0301ss')).toBe(normalizePassword('p\u00e1ss'))
    expect(normalizePassword('\uff41\uff42')).toBe('ab')
  })
})
