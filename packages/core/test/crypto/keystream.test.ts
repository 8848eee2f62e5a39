import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openByKeystream, sealByKeystream } from '../../src/crypto/index.ts'

const SECRET = 'Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGx5'
const PLACE = 'row:1'

describe('a text under a keystream', () => {
  it('opens under its secret and place', () => {
    for (const text of ['', 'x', 'söme — text', 'x'.repeat(64)]) {
      expect(openByKeystream(SECRET, PLACE, sealByKeystream(SECRET, PLACE, text))).toBe(text)
    }
  })

  it('is a salt and the text XOR the SHA-512 of label, place, salt and secret', () => {
    const sealed = sealByKeystream(SECRET, PLACE, 'token')
    const salt = sealed.slice(0, 22)
    const stream = createHash('sha512').update(`keystream:5:${PLACE}:${salt}:${SECRET}`).digest()
    const expected = Buffer.from('token', 'utf8').map((byte, at) => byte ^ (stream[at] ?? 0))
    expect(sealed.slice(22)).toBe(Buffer.from(expected).toString('base64url'))
  })

  it('shares its keystream with no other text under the same secret: many are no help to who sees them', () => {
    const zeros = Array.from({ length: 50 }, () => sealByKeystream(SECRET, PLACE, '\0'.repeat(64)).slice(22))
    expect(new Set(zeros).size).toBe(50)
  })

  it('opens to something else under any other', () => {
    const sealed = sealByKeystream(SECRET, PLACE, 'token-of-256-bits')
    for (const [secret, place] of [
      [`${SECRET}x`, PLACE],
      [SECRET, 'row:2'],
      [`1:${SECRET}`, 'row'],
      ['', PLACE],
    ] as const) {
      expect(openByKeystream(secret, place, sealed)).not.toBe('token-of-256-bits')
    }
  })

  it('is nothing where it is no base64url, or longer than a keystream', () => {
    expect(openByKeystream(SECRET, PLACE, 'v1.abc')).toBeNull()
    expect(
      openByKeystream(SECRET, PLACE, `${'A'.repeat(22)}${Buffer.alloc(65).toString('base64url')}`),
    ).toBeNull()
    expect(openByKeystream(SECRET, PLACE, 'A'.repeat(22).concat('!'))).toBeNull()
    expect(() => sealByKeystream(SECRET, PLACE, 'ä'.repeat(33))).toThrow(RangeError)
  })
})
