import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatScope, parseScope } from '../src/scope.ts'
import { anyText } from './any-text.ts'
import { expectRefusal, expectTyped } from './refusal.ts'

describe('parseScope', () => {
  it.each([
    ['openid', ['openid']],
    ['openid profile', ['openid', 'profile']],
    ['orders:read https://api.example/x', ['orders:read', 'https://api.example/x']],
    ['b a b', ['b', 'a']],
    ["!#$%&'()*+,-./:;<=>?@[]^_`{|}~", ["!#$%&'()*+,-./:;<=>?@[]^_`{|}~"]],
  ])('reads %j, each token once and in order, RFC 6749 §3.3', (text, scopes) => {
    expect(parseScope(text)).toEqual(scopes)
  })

  it.each([
    [''],
    [' '],
    ['a  b'],
    [' a'],
    ['a '],
    ['a\tb'],
    ['a\nb'],
    ['a"b'],
    ['a\\b'],
    ['\u00e9'],
    ['a\u0000'],
    ['a'.repeat(257)],
  ])('refuses %j, which is not scope tokens with one space between, RFC 6749 §3.3', (text) => {
    expectRefusal(() => parseScope(text), 'invalid_scope', 'scope_malformed')
  })

  it('takes 100 scopes and refuses 101', () => {
    const scopes = Array.from({ length: 101 }, (_, index) => `s${index}`)
    expect(parseScope(scopes.slice(1).join(' '))).toHaveLength(100)
    expectRefusal(() => parseScope(scopes.join(' ')), 'invalid_scope', 'scope_malformed')
  })

  it('whatever text comes in, it is read or refused as invalid_scope', () => {
    fc.assert(fc.property(anyText, (text) => expectTyped(() => parseScope(text))))
  })

  it('reads back what formatScope wrote', () => {
    const tokens = fc.uniqueArray(fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,20}$/), {
      minLength: 1,
      maxLength: 100,
    })
    fc.assert(
      fc.property(tokens, (scopes) => {
        expect(parseScope(formatScope(scopes))).toEqual(scopes)
      }),
    )
  })
})
