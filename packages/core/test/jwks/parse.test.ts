import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generateSigningJwk, publicJwk } from '../../src/crypto/index.ts'
import { parseJwks, selectKeys } from '../../src/jwks/index.ts'
import { JwtError } from '../../src/jwt/index.ts'
import { A1_HS256, A3_ES256, BILBO_RSA, ED25519 } from '../jwt/vectors.ts'

const algs = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const
const ec = publicJwk(generateSigningJwk('ES256'))

describe('reading a JWK Set, RFC 7517 §5', () => {
  it('keeps what it can use and skips the rest', () => {
    const unusable = [A1_HS256.jwk, { ...ec, use: 'enc' }, { kty: 'EC', crv: 'P-384' }, null, 'key', {}]
    const keys = parseJwks({ keys: [...unusable, ec, ED25519.jwk] }, algs)
    expect(keys.map(({ alg, kid }) => ({ alg, kid }))).toEqual([
      { alg: 'ES256', kid: ec.kid },
      { alg: 'EdDSA', kid: null },
    ])
  })

  it('counts an RSA key without alg once for each algorithm that is allowed', () => {
    expect(parseJwks({ keys: [BILBO_RSA] }, algs).map(({ alg }) => alg)).toEqual(['RS256', 'PS256'])
    expect(parseJwks({ keys: [{ ...BILBO_RSA, alg: 'PS256' }] }, algs).map(({ alg }) => alg)).toEqual([
      'PS256',
    ])
    expect(parseJwks({ keys: [BILBO_RSA] }, ['ES256'])).toEqual([])
  })

  it('never takes a private key', () => {
    expect(parseJwks({ keys: [{ ...A3_ES256.jwk, d: A3_ES256.d }] }, algs)).toEqual([])
  })

  it.each([null, [], 'keys', { keys: {} }, {}, { keys: Array.from({ length: 101 }, () => ec) }])(
    'refuses what is no key set of at most 100 keys',
    (json) => {
      expect(() => parseJwks(json, algs)).toThrow(expect.objectContaining({ code: 'key_unusable' }))
    },
  )

  it('whatever comes in, keys or a JwtError come out', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ keys: fc.jsonValue() })), (json) => {
        try {
          expect(Array.isArray(parseJwks(json, algs))).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(JwtError)
        }
      }),
    )
  })
})

describe('choosing keys, RFC 7515 §4.1.4', () => {
  const [first] = parseJwks({ keys: [ec] }, algs)
  const key = (kid: string | null, alg: (typeof algs)[number]) => {
    if (first === undefined) throw new Error('no key')
    return { ...first, kid, alg }
  }
  const keys = [
    key('a', 'ES256'),
    key('b', 'ES256'),
    key('a', 'RS256'),
    key(null, 'ES256'),
    key('c', 'EdDSA'),
  ]

  it('by kid and alg', () => {
    expect(selectKeys(keys, { alg: 'ES256', kid: 'a' })).toEqual([keys[0]])
    expect(selectKeys(keys, { alg: 'EdDSA', kid: 'a' })).toEqual([])
    expect(selectKeys(keys, { alg: 'ES256', kid: 'x' })).toEqual([])
  })

  it('without kid by alg, at most four', () => {
    expect(selectKeys(keys, { alg: 'ES256' })).toEqual([keys[0], keys[1], keys[3]])
    expect(selectKeys([...keys, ...keys], { alg: 'ES256' })).toHaveLength(4)
  })
})
