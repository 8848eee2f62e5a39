import { sign as nodeSign, verify as nodeVerify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeBase64url,
  encodeBase64url,
  generateSigningJwk,
  generateSigningJwkAsync,
  importPrivateJwk,
  importPublicJwk,
  publicJwk,
  signBytes,
  verificationKey,
  verifyBytes,
} from '../../src/crypto/index.ts'
import { BILBO_RSA, ED25519, FRODO_PS384, FRODO_RS256 } from '../jwt/vectors.ts'

const ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'
const bytesOf = (text: string): Uint8Array => decodeBase64url(text) ?? new Uint8Array()
const es256 = importPrivateJwk(generateSigningJwk('ES256'))
const es256Public = verificationKey(es256)

describe('examples of the RFCs', () => {
  it('verifies RS256, RFC 7520 §4.1', () => {
    const key = importPublicJwk(BILBO_RSA)
    expect(verifyBytes(key, FRODO_RS256.signingInput, bytesOf(FRODO_RS256.signature))).toBe(true)
    expect(verifyBytes(key, `${FRODO_RS256.signingInput}x`, bytesOf(FRODO_RS256.signature))).toBe(false)
  })

  it('verifies neither RS256 as PS256 nor PS384 as PS256, RFC 7520 §4.1 and §4.2', () => {
    const key = importPublicJwk(BILBO_RSA, 'PS256')
    expect(verifyBytes(key, FRODO_RS256.signingInput, bytesOf(FRODO_RS256.signature))).toBe(false)
    expect(verifyBytes(key, FRODO_PS384.signingInput, bytesOf(FRODO_PS384.signature))).toBe(false)
  })

  it('signs and verifies EdDSA to the letter, RFC 8037 App. A.4 and A.5', () => {
    const key = importPrivateJwk({ ...ED25519.jwk, d: ED25519.d })
    expect(encodeBase64url(signBytes(key, ED25519.signingInput))).toBe(ED25519.signature)
    expect(verifyBytes(importPublicJwk(ED25519.jwk), ED25519.signingInput, bytesOf(ED25519.signature))).toBe(
      true,
    )
  })
})

describe('ES256 as r‖s, RFC 7518 §3.4', () => {
  it('agrees with the ieee-p1363 form of node:crypto in both directions', () => {
    // Enough signatures that r and s are short, or have their top bit set, several times each.
    for (let round = 0; round < 600; round += 1) {
      const data = Buffer.from(`text ${round}`)
      const options = { dsaEncoding: 'ieee-p1363' } as const
      expect(nodeVerify('sha256', data, { key: es256Public.key, ...options }, signBytes(es256, data))).toBe(
        true,
      )
      expect(verifyBytes(es256Public, data, nodeSign('sha256', data, { key: es256.key, ...options }))).toBe(
        true,
      )
    }
  })

  const good = Buffer.from(signBytes(es256, 'text'))
  const zero = Buffer.alloc(32)
  const order = Buffer.from(ORDER, 'hex')
  it.each([
    ['none at all', Buffer.alloc(0)],
    ['one byte', Buffer.alloc(1, 1)],
    ['63 bytes', good.subarray(1)],
    ['65 bytes', Buffer.concat([good, Buffer.alloc(1)])],
    ['DER', nodeSign('sha256', Buffer.from('text'), es256.key)],
    ['all zeros (CVE-2022-21449)', Buffer.alloc(64)],
    ['r = 0', Buffer.concat([zero, good.subarray(32)])],
    ['s = 0', Buffer.concat([good.subarray(0, 32), zero])],
    ['r = n', Buffer.concat([order, good.subarray(32)])],
    ['s = n', Buffer.concat([good.subarray(0, 32), order])],
    ['all ones', Buffer.alloc(64, 0xff)],
    ['r and s exchanged', Buffer.concat([good.subarray(32), good.subarray(0, 32)])],
    ['very long', Buffer.alloc(10_000, 1)],
  ])('refuses a signature that is %s, without throwing', (_name, signature) => {
    expect(verifyBytes(es256Public, 'text', signature)).toBe(false)
  })
})

describe('signatures of any bytes', () => {
  it('never throw and never match, for every algorithm', async () => {
    const jwks = await Promise.all(
      (['ES256', 'RS256', 'PS256', 'EdDSA'] as const).map(generateSigningJwkAsync),
    )
    const keys = jwks.map((jwk) => importPublicJwk(publicJwk(jwk)))
    const signature = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ minLength: 64, maxLength: 64 }),
      fc.uint8Array({ minLength: 256, maxLength: 256 }),
    )
    fc.assert(
      fc.property(signature, (bytes) => {
        for (const key of keys) expect(verifyBytes(key, 'text', bytes)).toBe(false)
      }),
    )
  })

  it('do not throw either where a key was given an algorithm that it is not for', () => {
    for (const made of ['ES256', 'EdDSA'] as const) {
      const key = verificationKey(importPrivateJwk(generateSigningJwk(made)))
      for (const alg of (['ES256', 'RS256', 'PS256', 'EdDSA'] as const).filter((other) => other !== made)) {
        expect(verifyBytes({ ...key, alg }, 'text', Buffer.alloc(64, 1))).toBe(false)
      }
    }
  })

  it('a signature of one key is none of another, nor of another algorithm with the same key', async () => {
    const jwk = await generateSigningJwkAsync('RS256')
    const signature = signBytes(importPrivateJwk(jwk), 'text')
    const { alg: _alg, ...plain } = publicJwk(jwk)
    expect(verifyBytes(importPublicJwk(plain, 'RS256'), 'text', signature)).toBe(true)
    expect(verifyBytes(importPublicJwk(plain, 'PS256'), 'text', signature)).toBe(false)
    expect(verifyBytes(es256Public, 'text', signature)).toBe(false)
  })
})
