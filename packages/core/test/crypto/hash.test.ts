import { describe, expect, it } from 'vitest'
import {
  constantTimeEqual,
  decodeBase64url,
  encodeBase64url,
  hkdfSha256,
  hmacSha256,
  leftHalfHash,
  sha256,
} from '../../src/crypto/index.ts'

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))
const base64url = (text: string): string => encodeBase64url(hex(text))

describe('hashes', () => {
  it('SHA-256 of "abc", FIPS 180-4', () => {
    const abc = base64url('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(sha256('abc')).toBe(abc)
    expect(sha256(new TextEncoder().encode('abc'))).toBe(abc)
  })

  it('SHA-256 of the verifier of RFC 7636 App. B', () => {
    expect(sha256('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    )
  })

  it('HMAC-SHA-256, RFC 4231 §4.3', () => {
    expect(hmacSha256(new TextEncoder().encode('Jefe'), 'what do ya want for nothing?')).toBe(
      base64url('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'),
    )
  })

  it('HKDF-SHA-256 without salt and info, RFC 5869 App. A.3', () => {
    const okm = hkdfSha256(hex('0b'.repeat(22)), '', 42)
    expect(encodeBase64url(okm)).toBe(
      base64url('8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8'),
    )
  })

  it('HKDF gives other bytes for each purpose', () => {
    expect(hkdfSha256('key', 'csrf')).toHaveLength(32)
    expect(hkdfSha256('key', 'csrf')).not.toEqual(hkdfSha256('key', 'step'))
  })

  it('at_hash as in OpenID Connect Core App. A.3', () => {
    const token = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y'
    expect(leftHalfHash('RS256', token)).toBe('77QmUPtjPfzWtF2AnpK9RQ')
    expect(leftHalfHash('ES256', token)).toBe('77QmUPtjPfzWtF2AnpK9RQ')
  })

  it('at_hash under EdDSA is half of SHA-512, the hash of Ed25519, RFC 8032 §5.1', () => {
    expect(decodeBase64url(leftHalfHash('EdDSA', 'abc'))).toHaveLength(32)
    expect(leftHalfHash('EdDSA', 'abc')).toBe(
      base64url('ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a'),
    )
  })

  it('at_hash under RS384 and ES512 is half of their own hash', () => {
    expect(decodeBase64url(leftHalfHash('RS384', 'abc'))).toHaveLength(24)
    expect(leftHalfHash('ES512', 'abc')).toBe(leftHalfHash('EdDSA', 'abc'))
  })

  it('compares texts of equal and of different lengths', () => {
    expect(constantTimeEqual('secret', 'secret')).toBe(true)
    expect(constantTimeEqual('secret', 'secreT')).toBe(false)
    expect(constantTimeEqual('secret', 'secret ')).toBe(false)
    expect(constantTimeEqual('', 'secret')).toBe(false)
  })
})
