import { describe, expect, it } from 'vitest'
import { emailKey } from '../../src/storage/email-key.ts'

describe('the key of an e-mail', () => {
  it.each([
    ['case', 'Ada@Example.COM', 'ada@example.com'],
    ['composition', 'Zoe\u0308@example.com', 'zo\u00eb@example.com'],
    ['both at once', 'ZOE\u0308@EXAMPLE.COM', 'zo\u00eb@example.com'],
  ])('folds %s', (_what, email, key) => {
    expect(emailKey(email)).toBe(key)
  })

  it('is its own key', () => {
    // Lower-casing this one alone leaves NFC.
    const key = emailKey('\u0130J\u030C@example.com')
    expect(emailKey(key)).toBe(key)
    expect(key).toBe(key.normalize('NFC'))
  })

  it('keeps dots, plus signs and look-alikes apart', () => {
    const emails = [
      'a.b@example.com',
      'ab@example.com',
      'ab+x@example.com',
      '\u0430b@example.com',
      '\uff41b@example.com',
    ]
    expect(new Set(emails.map(emailKey)).size).toBe(emails.length)
  })
})
