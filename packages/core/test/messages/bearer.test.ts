import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { basicChallenge, bearerChallenge, parseBearer } from '../../src/messages/bearer.ts'
import { anyText } from '../any-text.ts'
import { expectRefusal, expectTyped } from '../refusal.ts'

describe('parseBearer', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer a.b-c_d~e+f/g==', 'a.b-c_d~e+f/g=='],
    ['BEARER   abc', 'abc'],
  ])('reads %s, RFC 6750 §2.1', (header, token) => {
    expect(parseBearer(header)).toBe(token)
  })

  it.each([null, '', 'Basic abc', 'Bearerabc', 'DPoP abc', 'abc'])(
    'is null for %j: no bearer token',
    (header) => {
      expect(parseBearer(header)).toBeNull()
    },
  )

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,Bearer b',
    'Bearer "abc"',
    'Bearer =',
    'Bearer a=b',
    'Bearer \u00e9',
    'Bearer a\nb',
    `Bearer ${'a'.repeat(16385)}`,
  ])('refuses %j as invalid_token, RFC 6750 §3.1', (header) => {
    expectRefusal(() => parseBearer(header), 'invalid_token', 'token_malformed')
  })

  it('whatever header comes in, it is read or refused as invalid_token', () => {
    fc.assert(fc.property(anyText, (text) => expectTyped(() => parseBearer(text))))
    fc.assert(fc.property(anyText, (text) => expectTyped(() => parseBearer(`Bearer ${text}`))))
  })
})

describe('bearerChallenge', () => {
  it('is bare where there was no token, RFC 6750 §3.1', () => {
    expect(bearerChallenge()).toBe('Bearer')
    expect(bearerChallenge({ realm: 'api' })).toBe('Bearer realm="api"')
  })

  it('names error, description and scope, RFC 6750 §3', () => {
    expect(bearerChallenge({ error: 'insufficient_scope', description: 'Not enough.', scope: 'a b' })).toBe(
      'Bearer error="insufficient_scope", error_description="Not enough.", scope="a b"',
    )
  })

  it.each([
    ['a"b', 'Bearer realm="a\\"b"'],
    ['a\\b', 'Bearer realm="a\\\\b"'],
    ['a\r\nSet-Cookie: x', 'Bearer realm="a??Set-Cookie: x"'],
    ['\u00e9', 'Bearer realm="?"'],
  ])('writes %j as a quoted-string on one line, RFC 9110 §5.6.4', (realm, header) => {
    expect(bearerChallenge({ realm })).toBe(header)
  })

  it('whatever text comes in, one quoted-string comes out that no header parser refuses', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(bearerChallenge({ description: text })).toMatch(
          /^Bearer error_description="(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"$/,
        )
        expect(
          new Headers({ 'WWW-Authenticate': bearerChallenge({ realm: text }) }).has('www-authenticate'),
        ).toBe(true)
      }),
    )
  })
})

describe('basicChallenge', () => {
  it('names its realm, RFC 7617 §2', () => {
    expect(basicChallenge('Doorward "x"')).toBe('Basic realm="Doorward \\"x\\""')
  })
})
