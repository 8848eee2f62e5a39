import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundedText, parseParams, parseWordList } from '../../src/messages/params.ts'
import { anyText } from '../any-text.ts'
import { expectRefusal, expectTyped, refusal } from '../refusal.ts'

const read = (text: string) => parseParams(new URLSearchParams(text))

describe('parseParams', () => {
  it('answers a value, or null where it is absent', () => {
    const params = read('a=1&b=%20x%20')
    expect([params.get('a'), params.get('b'), params.get('c')]).toEqual(['1', ' x ', null])
    expect(params.required('a')).toBe('1')
  })

  it('takes an empty value for an absent one, RFC 6749 §3.1', () => {
    const params = read('a=&b&c=1&c=')
    expect([params.get('a'), params.get('b'), params.get('c')]).toEqual([null, null, '1'])
    expectRefusal(() => params.required('a'), 'invalid_request', 'parameter_missing')
  })

  it.each(['a=1&a=2', 'a=1&a=1', 'unknown=1&unknown=2', 'a=1&b=2&%61=3'])(
    'refuses %s: a parameter comes once, RFC 6749 §3.1',
    (text) => expectRefusal(() => read(text), 'invalid_request', 'parameter_repeated'),
  )

  it('takes a repeatable parameter in order, RFC 8707 §2', () => {
    const params = parseParams(new URLSearchParams('r=1&a=0&r=&r=2'), { repeatable: ['r'] })
    expect(params.getAll('r')).toEqual(['1', '2'])
    expect(params.getAll('none')).toEqual([])
  })

  it('bounds how many there are', () => {
    const many = Array.from({ length: 101 }, (_, index) => `p${index}=1`)
    expect(read(many.slice(1).join('&')).get('p1')).toBe('1')
    expectRefusal(() => read(many.join('&')), 'invalid_request', 'parameters_too_many')
  })

  it.each([
    ['scope', 8192],
    ['state', 8192],
    ['client_assertion', 16384],
    ['id_token_hint', 16384],
    ['token', 16384],
  ])('bounds %s to %i characters', (name, max) => {
    expect(read(`${name}=${'a'.repeat(max)}`).get(name)).toHaveLength(max)
    expectRefusal(() => read(`${name}=${'a'.repeat(max + 1)}`), 'invalid_request', 'parameter_too_long')
  })

  it('bounds names too', () => {
    expectRefusal(() => read(`${'n'.repeat(129)}=1`), 'invalid_request', 'parameter_too_long')
  })

  it.each(['a=%00', 'a=x%00y', '%00=1'])('refuses NUL in %s, which no database column takes', (text) => {
    expectRefusal(() => read(text), 'invalid_request', 'parameter_malformed')
  })

  it('keeps deferred problems until they are read, so that a proven client hears of them', () => {
    const params = parseParams(new URLSearchParams('a=1&b=1&b=2'), { deferred: true })
    expect(params.get('a')).toBe('1')
    expectRefusal(() => params.get('b'), 'invalid_request', 'parameter_repeated')
    expectRefusal(() => params.getAll('b'), 'invalid_request', 'parameter_repeated')
    expectRefusal(() => params.check(), 'invalid_request', 'parameter_repeated')
  })

  it('never repeats what was sent', () => {
    expect(refusal(() => read('s3cret=s3cret&s3cret=s3cret')).message).not.toContain('s3cret')
  })

  it('whatever form comes in, it is read or refused as invalid_request', () => {
    const pairs = fc.array(fc.tuple(anyText, anyText), { maxLength: 120 })
    fc.assert(fc.property(pairs, (form) => expectTyped(() => parseParams(new URLSearchParams(form)))))
    fc.assert(fc.property(anyText, (text) => expectTyped(() => read(text))))
  })
})

describe('boundedText', () => {
  it.each(['a%0Ab', 'a%7F', '%C2%85'])('refuses the control character in %s', (value) => {
    expectRefusal(() => boundedText(read(`a=${value}`), 'a', 10), 'invalid_request', 'parameter_malformed')
  })

  it('refuses what is longer than its bound and answers the rest', () => {
    expect(boundedText(read('a=%C3%A9'), 'a', 1)).toBe('\u00e9')
    expect(boundedText(read(''), 'a', 1)).toBeNull()
    expectRefusal(() => boundedText(read('a=xx'), 'a', 1), 'invalid_request', 'parameter_too_long')
  })
})

describe('parseWordList', () => {
  it.each([
    ['', []],
    ['de-CH de en', ['de-CH', 'de', 'en']],
    [' en  en \u00e9 ', ['en']],
    ['a'.repeat(257), []],
  ])('reads %j politely', (text, words) => {
    expect(parseWordList(parseParams(new URLSearchParams({ l: text })), 'l')).toEqual(words)
  })

  it('keeps the first twenty', () => {
    const text = Array.from({ length: 30 }, (_, index) => `w${index}`).join(' ')
    expect(parseWordList(parseParams(new URLSearchParams({ l: text })), 'l')).toHaveLength(20)
  })
})
