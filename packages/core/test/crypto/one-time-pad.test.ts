import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openOnce, sealOnce } from '../../src/crypto/index.ts'

const SECRET = 'Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGx5'
const PLACE = 'row:1'

describe('a text under a one-time pad', () => {
  it('opens under its secret and place', () => {
    for (const text of ['', 'x', 'söme — text', 'x'.repeat(64)]) {
      expect(openOnce(SECRET, PLACE, sealOnce(SECRET, PLACE, text))).toBe(text)
    }
  })

  it('is the text XOR the SHA-512 of label, place and secret', () => {
    const pad = createHash('sha512').update(`one-time-pad:5:${PLACE}:${SECRET}`).digest()
    const expected = Buffer.from('token', 'utf8').map((byte, at) => byte ^ (pad[at] ?? 0))
    expect(sealOnce(SECRET, PLACE, 'token')).toBe(Buffer.from(expected).toString('base64url'))
  })

  it('opens to something else under any other', () => {
    const sealed = sealOnce(SECRET, PLACE, 'token-of-256-bits')
    for (const [secret, place] of [
      [`${SECRET}x`, PLACE],
      [SECRET, 'row:2'],
      [`1:${SECRET}`, 'row'],
      ['', PLACE],
    ] as const) {
      expect(openOnce(secret, place, sealed)).not.toBe('token-of-256-bits')
    }
  })

  it('is nothing where it is no base64url, or longer than a pad', () => {
    expect(openOnce(SECRET, PLACE, 'v1.abc')).toBeNull()
    expect(openOnce(SECRET, PLACE, Buffer.alloc(65).toString('base64url'))).toBeNull()
    expect(() => sealOnce(SECRET, PLACE, 'ä'.repeat(33))).toThrow(RangeError)
  })
})
