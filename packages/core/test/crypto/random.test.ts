import { describe, expect, it } from 'vitest'
import { decodeBase64url, randomToken } from '../../src/crypto/index.ts'

describe('random tokens', () => {
  it('have 256 bits unless told otherwise', () => {
    expect(decodeBase64url(randomToken())).toHaveLength(32)
    expect(decodeBase64url(randomToken(9))).toHaveLength(9)
    expect(decodeBase64url(randomToken(4096))).toHaveLength(4096)
  })

  it('never repeat, also where one pool of bytes ends and the next begins', () => {
    const tokens = Array.from({ length: 1000 }, (_, index) => randomToken(16 + (index % 33)).slice(0, 21))
    expect(new Set(tokens).size).toBe(1000)
  })

  it('never come from bytes that were wiped', () => {
    const tokens = Array.from({ length: 1000 }, () => randomToken(16))
    expect(tokens.filter((token) => token.startsWith('AAAAAAAAAA'))).toEqual([])
  })

  it.each([0, -1, 4097, Number.NaN])('refuse a length of %s', (bytes) => {
    expect(() => randomToken(bytes)).toThrow(RangeError)
  })
})
