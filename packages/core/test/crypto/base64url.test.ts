import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/crypto/index.ts'

describe('base64url, RFC 7515 §2 and RFC 4648 §3.5', () => {
  it('decodes what it encoded, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const decoded = decodeBase64url(encodeBase64url(bytes))
        expect(decoded === null ? null : [...decoded]).toEqual([...bytes])
      }),
    )
  })

  it('encodes texts as UTF-8', () => {
    expect(encodeBase64url('é€')).toBe('w6nigqw')
  })

  it('encodes only the part that a view shows of its buffer', () => {
    expect(encodeBase64url(new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 3))).toBe('AgM')
  })

  it('knows one spelling of each value: what decodes also re-encodes to itself', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const decoded = decodeBase64url(text)
        expect(decoded === null || encodeBase64url(decoded) === text).toBe(true)
      }),
    )
  })

  it.each([
    ['padding', 'AQ=='],
    ['trailing bits that are not zero', 'AR'],
    ['trailing bits that are not zero, two bytes', 'AQJ'],
    ['a length that no bytes have', 'AAAAA'],
    ['a space', 'AQ ID'],
    ['a line break', 'AQID\n'],
    ['the alphabet of plain base64, +', 'ab+d'],
    ['the alphabet of plain base64, /', 'ab/d'],
    ['a dot', 'AQ.ID'],
    ['a NUL', 'AQID\0'],
    ['a letter beyond ASCII', 'AQIé'],
    ['a letter whose low byte is in the alphabet', 'AQI\u0141'],
  ])('refuses %s', (_name, text) => {
    expect(decodeBase64url(text)).toBeNull()
  })

  it('decodes the empty text to no bytes', () => {
    expect(decodeBase64url('')).toHaveLength(0)
  })
})
