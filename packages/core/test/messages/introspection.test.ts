import { describe, expect, it } from 'vitest'
import { parseIntrospection, respondIntrospection } from '../../src/messages/introspection.ts'
import { parseParams } from '../../src/messages/params.ts'
import { parseRevocation } from '../../src/messages/revocation.ts'
import { expectRefusal } from '../refusal.ts'

describe.each([
  ['parseIntrospection', 'RFC 7662 §2.1', parseIntrospection],
  ['parseRevocation', 'RFC 7009 §2.1', parseRevocation],
])('%s', (_, section, parse) => {
  const read = (text: string) => parse(parseParams(new URLSearchParams(text)))

  it.each([
    ['token=t', null],
    ['token=t&token_type_hint=access_token', 'access_token'],
    ['token=t&token_type_hint=refresh_token', 'refresh_token'],
    ['token=t&token_type_hint=saml', null],
  ])(`reads %s, ${section}: an unknown hint is no hint`, (text, tokenTypeHint) => {
    expect(read(text)).toEqual({ token: 't', tokenTypeHint })
  })

  it(`refuses a request without token, and with two, ${section}`, () => {
    expectRefusal(() => read('token='), 'invalid_request', 'parameter_missing')
    expectRefusal(() => read('token=a&token=b'), 'invalid_request', 'parameter_repeated')
  })
})

describe('respondIntrospection', () => {
  const token = {
    clientId: 'c',
    tokenType: 'Bearer',
    scope: 'a b',
    sub: 'u_1',
    iss: 'https://id.example',
    aud: 'urn:a',
    exp: 2,
    iat: 1,
    jti: 'j',
  } as const

  it('says nothing but inactive, RFC 7662 §2.2', () => {
    expect(respondIntrospection(null)).toEqual({ active: false })
  })

  it('tells about a live token in wire names', () => {
    expect(respondIntrospection({ ...token, extra: { sid: 's', active: false, client_id: 'x' } })).toEqual({
      active: true,
      scope: 'a b',
      client_id: 'c',
      token_type: 'Bearer',
      sub: 'u_1',
      iss: 'https://id.example',
      aud: 'urn:a',
      exp: 2,
      iat: 1,
      jti: 'j',
      sid: 's',
    })
  })

  it('leaves an empty scope out', () => {
    expect(respondIntrospection({ ...token, scope: '' })).not.toHaveProperty('scope')
  })
})
