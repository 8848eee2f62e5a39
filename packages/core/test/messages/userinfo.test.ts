import { describe, expect, it } from 'vitest'
import { parseParams } from '../../src/messages/params.ts'
import { parseUserinfo, respondUserinfo } from '../../src/messages/userinfo.ts'
import { expectRefusal } from '../refusal.ts'

const form = (text: string) => parseParams(new URLSearchParams(text))

describe('parseUserinfo', () => {
  it.each([
    ['the header', 'Bearer abc', null, 'abc'],
    ['the header of a POST', 'Bearer abc', form(''), 'abc'],
    ['the form', null, form('access_token=abc'), 'abc'],
    ['nowhere', null, form(''), null],
    ['nowhere in a GET', null, null, null],
  ])('finds the token in %s, RFC 6750 §2', (_, header, params, token) => {
    expect(parseUserinfo(header, params)).toBe(token)
  })

  it('refuses a token in both, RFC 6750 §2', () => {
    expectRefusal(
      () => parseUserinfo('Bearer a', form('access_token=a')),
      'invalid_request',
      'token_repeated',
    )
  })
})

describe('respondUserinfo', () => {
  it('always has the true sub, OpenID Connect Core §5.3.2', () => {
    expect(respondUserinfo('u_1', { email: 'a@b.example', sub: 'u_2' })).toEqual({
      email: 'a@b.example',
      sub: 'u_1',
    })
  })
})
