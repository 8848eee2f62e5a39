import { describe, expect, it } from 'vitest'
import { hasKeyFor, parseClientJwks } from '../../src/client-metadata/jwks.ts'
import { generateSigningJwk, generateSigningJwkAsync, publicJwk } from '../../src/crypto/index.ts'
import { expectRefusal } from '../refusal.ts'

const ec = generateSigningJwk('ES256')
const ed = generateSigningJwk('EdDSA')
const rsa = await generateSigningJwkAsync('RS256')
const { alg: _, ...rsaOfAnyAlg } = publicJwk(rsa)

describe('parseClientJwks', () => {
  it('takes public keys of each type and keeps only what they need, RFC 7517 §5', () => {
    const keys = [publicJwk(ec), publicJwk(ed), publicJwk(rsa)]
    const extra = keys.map((key) => ({ ...key, x5c: ['AA=='], comment: 'mine' }))
    expect(parseClientJwks({ jwks: { keys: extra } })).toEqual({ keys })
  })

  it('is null where there are none', () => {
    expect(parseClientJwks({})).toBeNull()
    expect(parseClientJwks({ jwks: null })).toBeNull()
  })

  it.each([
    ['a private EC key', ec],
    ['a private Ed25519 key', ed],
    ['a private RSA key', rsa],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }],
    ['a key with a symmetric part', { ...publicJwk(ec), k: 'AAAA' }],
    ['a key for encryption', { ...publicJwk(ec), use: 'enc' }],
    ['another curve', { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA' }],
    ['a point off the curve', { ...publicJwk(ec), x: 'A'.repeat(43) }],
    ['RSA of 1024 bits', { kty: 'RSA', n: `gA${'A'.repeat(169)}`, e: 'AQAB' }],
    ['nothing', null],
    ['a text', 'key'],
  ])('refuses %s, RFC 7591 §2', (_, key) => {
    const wire = { jwks: { keys: [publicJwk(ec), key] } }
    expectRefusal(() => parseClientJwks(wire), 'invalid_client_metadata', 'metadata_jwks')
  })

  it.each([
    ['a list', [publicJwk(ec)]],
    ['no keys', {}],
    ['an empty list of keys', { keys: [] }],
    ['keys that are no list', { keys: publicJwk(ec) }],
    ['21 keys', { keys: Array.from({ length: 21 }, () => publicJwk(ec)) }],
    ['a text', JSON.stringify({ keys: [publicJwk(ec)] })],
  ])('refuses %s', (_, jwks) => {
    expectRefusal(() => parseClientJwks({ jwks }), 'invalid_client_metadata', 'metadata_jwks')
  })
})

describe('hasKeyFor', () => {
  it.each([
    ['ES256', [publicJwk(ec)], true],
    ['RS256', [publicJwk(ec)], false],
    ['PS256', [publicJwk(rsa)], false],
    ['PS256', [rsaOfAnyAlg], true],
    ['EdDSA', [publicJwk(ec), publicJwk(ed)], true],
    [null, [publicJwk(ec)], true],
  ] as const)('an assertion by %s can be signed by some keys only', (alg, keys, possible) => {
    expect(hasKeyFor({ keys }, alg)).toBe(possible)
  })
})
