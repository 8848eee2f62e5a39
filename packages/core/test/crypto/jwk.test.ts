import fc from 'fast-check'
import { calculateJwkThumbprint } from 'jose'
import { describe, expect, it } from 'vitest'
import {
  encodeBase64url,
  generateSigningJwk,
  generateSigningJwkAsync,
  importPrivateJwk,
  importPublicJwk,
  jwkThumbprint,
  parsePublicJwk,
  publicJwk,
  signBytes,
  verificationKey,
  verifyBytes,
} from '../../src/crypto/index.ts'
import { JwtError } from '../../src/jwt-error.ts'
import { A1_HS256, A2_RS256, A3_ES256, BILBO_RSA, ED25519, THUMBPRINT } from '../jwt/vectors.ts'

const ec = A3_ES256.jwk
const rsaOf = (bits: number, e = 'AQAB') => ({
  kty: 'RSA',
  n: encodeBase64url(new Uint8Array(bits / 8).fill(0xff)),
  e,
})

describe('thumbprints, RFC 7638', () => {
  it('the RSA key of RFC 7638 §3.1', () => {
    expect(jwkThumbprint(parsePublicJwk(THUMBPRINT.jwk))).toBe(THUMBPRINT.thumbprint)
  })

  it('the Ed25519 key of RFC 8037 App. A.3', () => {
    expect(jwkThumbprint(parsePublicJwk(ED25519.jwk))).toBe(ED25519.thumbprint)
  })

  it('agrees with jose for an EC key', async () => {
    expect(jwkThumbprint(parsePublicJwk(ec))).toBe(await calculateJwkThumbprint(ec))
  })
})

describe('making keys', () => {
  it.each(['ES256', 'RS256', 'PS256', 'EdDSA'] as const)(
    '%s: signs, verifies, and is named by thumbprint',
    async (alg) => {
      const jwk = await generateSigningJwkAsync(alg)
      const key = importPrivateJwk(jwk)
      expect(key).toMatchObject({ alg, kid: jwkThumbprint(jwk) })
      const signature = signBytes(key, 'text')
      expect(verifyBytes(importPublicJwk(publicJwk(jwk)), 'text', signature)).toBe(true)
      expect(verifyBytes(verificationKey(key), 'text', signature)).toBe(true)
    },
  )

  it('a public half holds nothing private', () => {
    for (const alg of ['ES256', 'EdDSA'] as const) {
      const pub = publicJwk(generateSigningJwk(alg))
      expect(pub).toMatchObject({ alg, use: 'sig' })
      expect(pub).not.toHaveProperty('d')
    }
  })

  it('survives being written as JSON', () => {
    const jwk = generateSigningJwk('ES256')
    expect(importPrivateJwk(JSON.parse(JSON.stringify(jwk))).kid).toBe(jwk.kid)
  })
})

describe('reading public keys', () => {
  it('takes the algorithm of the key, of the caller, or the first of its type', () => {
    expect(importPublicJwk({ ...BILBO_RSA, alg: 'PS256' }).alg).toBe('PS256')
    expect(importPublicJwk(BILBO_RSA, 'PS256').alg).toBe('PS256')
    expect(importPublicJwk(BILBO_RSA).alg).toBe('RS256')
    expect(importPublicJwk(BILBO_RSA).kid).toBe('bilbo.baggins@hobbiton.example')
    expect(importPublicJwk(ec)).toMatchObject({ alg: 'ES256', kid: null })
    expect(importPublicJwk(ED25519.jwk).alg).toBe('EdDSA')
  })

  it('keeps nothing but the key, its name and its use', () => {
    const jwk = {
      ...ec,
      kid: 'k',
      use: 'sig',
      key_ops: ['verify'],
      x5c: ['MIIB'],
      x5u: 'https://evil.example',
    }
    expect(parsePublicJwk(jwk)).toEqual({ ...ec, kid: 'k', use: 'sig' })
  })

  it.each<[string, unknown]>([
    ['a symmetric key', A1_HS256.jwk],
    ['a symmetric key with public members beside', { ...ec, k: 'AAAA' }],
    ['a private key', { ...ec, d: A3_ES256.d }],
    ['a private RSA key', { ...BILBO_RSA, p: 'AQAB' }],
    ['RSA of 1024 bits, RFC 7518 §3.3', rsaOf(1024)],
    ['RSA of 2040 bits', rsaOf(2040)],
    [
      'RSA of 2048 bits with leading zeros',
      { ...rsaOf(2048), n: encodeBase64url(new Uint8Array(257).fill(255, 1)) },
    ],
    [
      'RSA whose 2048 bits start with zeros',
      { ...rsaOf(2048), n: encodeBase64url(new Uint8Array(256).fill(255, 1)) },
    ],
    ['RSA of 16384 bits', rsaOf(16_384)],
    ['RSA with the exponent 1', rsaOf(2048, 'AQ')],
    ['RSA with an even exponent', rsaOf(2048, 'AQAC')],
    ['RSA with a huge exponent', rsaOf(2048, 'AQAAAAAB')],
    ['an EC point off the curve', { ...ec, y: ec.x }],
    [
      'an EC point at zero',
      { ...ec, x: encodeBase64url(new Uint8Array(32)), y: encodeBase64url(new Uint8Array(32)) },
    ],
    ['P-384', { ...ec, crv: 'P-384' }],
    ['a short coordinate', { ...ec, x: 'AAAA' }],
    ['a coordinate with padding', { ...ec, x: `${ec.x}=` }],
    ['X25519, which cannot sign', { ...ED25519.jwk, crv: 'X25519' }],
    ['Ed448', { ...ED25519.jwk, crv: 'Ed448' }],
    ['an unknown type', { kty: 'AKP', pub: 'AAAA' }],
    ['a key for encryption', { ...ec, use: 'enc' }],
    ['a key for something else than verifying', { ...ec, key_ops: ['deriveBits'] }],
    ['key_ops that are no list', { ...ec, key_ops: 'verify' }],
    ['an EC key for RS256', { ...ec, alg: 'RS256' }],
    ['an RSA key for HS256', { ...BILBO_RSA, alg: 'HS256' }],
    ['an algorithm none', { ...BILBO_RSA, alg: 'none' }],
    ['a kid that is a number', { ...ec, kid: 1 }],
    ['an empty kid', { ...ec, kid: '' }],
    ['nothing', {}],
    ['null', null],
    ['a list', [ec]],
    ['a text', JSON.stringify(ec)],
  ])('refuses %s', (_name, jwk) => {
    expect(() => importPublicJwk(jwk)).toThrow(expect.objectContaining({ code: 'key_unusable' }))
  })

  it('refuses a key for another algorithm than asked for, RFC 8725 §3.1', () => {
    expect(() => importPublicJwk({ ...BILBO_RSA, alg: 'PS256' }, 'RS256')).toThrow(JwtError)
    expect(() => importPublicJwk(ec, 'EdDSA')).toThrow(JwtError)
    expect(() => importPrivateJwk({ ...A1_HS256.jwk })).toThrow(JwtError)
    expect(() => importPrivateJwk(ec)).toThrow(JwtError)
  })

  it('whatever comes in, a key or a JwtError comes out', () => {
    const member = fc.constantFrom('kty', 'crv', 'x', 'y', 'n', 'e', 'd', 'kid', 'alg', 'use', 'key_ops')
    const base = fc.constantFrom<Record<string, unknown>>(ec, A2_RS256.jwk, ED25519.jwk, {})
    fc.assert(
      fc.property(base, fc.dictionary(member, fc.jsonValue(), { maxKeys: 3 }), (jwk, change) => {
        try {
          expect(importPublicJwk({ ...jwk, ...change }).key.type).toBe('public')
        } catch (error) {
          expect(error).toBeInstanceOf(JwtError)
        }
      }),
    )
  })
})
