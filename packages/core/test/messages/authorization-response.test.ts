import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { respondAuthorization, withQuery } from '../../src/messages/authorization-response.ts'
import { anyText } from '../any-text.ts'

const iss = 'https://id.example'

function location(uri: string, response: Parameters<typeof respondAuthorization>[1]): string {
  const delivery = respondAuthorization(uri, response, 'query')
  if (delivery.kind !== 'redirect') throw new Error('not a redirect')
  return delivery.location
}

describe('respondAuthorization', () => {
  it('redirects with code, state and iss, RFC 6749 §4.1.2 and RFC 9207 §2', () => {
    expect(location('https://app.example/cb', { code: 'c', state: 's', iss })).toBe(
      'https://app.example/cb?code=c&state=s&iss=https%3A%2F%2Fid.example',
    )
  })

  it('redirects with an error, iss again and no state where there was none, RFC 6749 §4.1.2.1', () => {
    expect(
      location('https://app.example/cb', {
        error: 'access_denied',
        error_description: 'No.',
        state: null,
        iss,
      }),
    ).toBe('https://app.example/cb?error=access_denied&error_description=No.&iss=https%3A%2F%2Fid.example')
  })

  it.each([
    ['https://a.example/cb?x=1%20+', 'https://a.example/cb?x=1%20+&code=c&iss=i'],
    ['https://a.example/cb?', 'https://a.example/cb?code=c&iss=i'],
    ['https://a.example/cb?x&', 'https://a.example/cb?x&code=c&iss=i'],
    ['https://a.example', 'https://a.example?code=c&iss=i'],
    ['com.example.app:/cb', 'com.example.app:/cb?code=c&iss=i'],
    ['http://[::1]:5000/cb', 'http://[::1]:5000/cb?code=c&iss=i'],
  ])('keeps what %s holds already, RFC 6749 §3.1.2', (uri, expected) => {
    expect(location(uri, { code: 'c', state: null, iss: 'i' })).toBe(expected)
  })

  it('posts a form with the same fields, Form Post Response Mode §2', () => {
    expect(
      respondAuthorization('https://app.example/cb?x=1', { code: 'c', state: '"><b>', iss }, 'form_post'),
    ).toEqual({
      kind: 'form_post',
      action: 'https://app.example/cb?x=1',
      fields: { code: 'c', state: '"><b>', iss },
    })
  })

  it('whatever state comes in, it goes back as it was, on one line and in no other parameter', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const state = text.toWellFormed()
        const target = location('https://app.example/cb?x=1', { code: 'c', state, iss })
        expect(target).toMatch(/^[\x21-\x7e]+$/)
        expect([...new URL(target).searchParams]).toEqual([
          ['x', '1'],
          ['code', 'c'],
          ['state', state],
          ['iss', iss],
        ])
      }),
    )
  })
})

describe('withQuery', () => {
  it('leaves a URI alone where there is nothing to add', () => {
    expect(withQuery('https://app.example/?', {})).toBe('https://app.example/?')
  })
})
