import { describe, expect, it } from 'vitest'
import { emailKey, parseEmail } from '../../src/identity/email.ts'
import { InputError } from '../../src/identity/input-error.ts'

describe('emailKey', () => {
  it('makes one key of every spelling of an address', () => {
    const composed = 'J\u00f6rg@Example.com'
    const decomposed = 'jo\u0308rg@example.COM'
    expect(emailKey(composed)).toBe(emailKey(decomposed))
    expect(emailKey(composed)).toBe('j\u00f6rg@example.com')
  })

  it("folds nothing else: dots and plus are somebody else's business", () => {
    expect(new Set(['ab@x.org', 'a.b@x.org', 'ab+c@x.org'].map(emailKey)).size).toBe(3)
  })
})

describe('parseEmail, RFC 5321 §4.1.2 and RFC 6531 §3.3', () => {
  it.each([
    ['user@example.com', 'user@example.com'],
    [' User@Example.com\n', 'User@Example.com'],
    ['root@localhost', 'root@localhost'],
    ["o'brien+tag@sub.example.co.uk", "o'brien+tag@sub.example.co.uk"],
    ['jo\u0308rg@ex\u00e4mple.de', 'j\u00f6rg@ex\u00e4mple.de'],
  ])('takes %j', (text, email) => {
    expect(parseEmail(text)).toBe(email)
  })

  it.each([
    '',
    'user',
    '@example.com',
    'user@',
    'a@b@c.com',
    'us er@example.com',
    'user@exa mple.com',
    'user@-example.com',
    'user@example..com',
    'user@example.com\r\nBcc: x@y.z',
    'user\u0000@example.com',
    '"quoted"@example.com',
    'user@[127.0.0.1]',
    '<user@example.com>',
    `${'a'.repeat(65)}@example.com`,
    `user@${'a'.repeat(64)}.com`,
    `user@${'a.'.repeat(130)}com`,
  ])('refuses %j without repeating it', (text) => {
    expect(() => parseEmail(text)).toThrow(InputError)
    if (text.length > 4) expect(() => parseEmail(text)).not.toThrow(text)
  })
})
