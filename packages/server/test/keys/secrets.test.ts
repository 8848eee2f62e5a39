import { describe, expect, it } from 'vitest'
import { createSecrets } from '../../src/keys/secrets.ts'

const old = 'an old secret that is long enough to be one'
const young = 'a new secret that is long enough to be one'

describe('createSecrets', () => {
  it('seals with the first secret and opens with all', () => {
    const before = createSecrets([old]).seal('text', 'place')
    const both = createSecrets([young, old])
    expect(both.open(before, 'place')).toBe('text')
    expect(both.isCurrent(before, 'place')).toBe(false)
    const after = both.seal('text', 'place')
    expect(both.isCurrent(after, 'place')).toBe(true)
    expect(createSecrets([young]).open(after, 'place')).toBe('text')
    expect(createSecrets([old]).open(after, 'place')).toBeNull()
  })

  it('opens a text only in the place it was sealed for', () => {
    const secrets = createSecrets([old])
    expect(secrets.open(secrets.seal('text', 'signing-key:a'), 'signing-key:b')).toBeNull()
  })

  it('derives a different key for each purpose, none of them the sealing key', () => {
    const secrets = createSecrets([old])
    const derived = ['csrf', 'step', 'seal'].map((purpose) =>
      Buffer.from(secrets.derive(purpose)).toString('hex'),
    )
    expect(new Set(derived).size).toBe(3)
    expect(Buffer.from(createSecrets([old, young]).derive('csrf')).toString('hex')).toBe(derived[0])
    expect(secrets.derive('csrf')).toHaveLength(32)
  })
})
