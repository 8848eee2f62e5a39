import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTokenParams, parseTokenRequest, respondToken } from '../../src/messages/token.ts'
import { anyText } from '../any-text.ts'
import { expectRefusal, expectTyped } from '../refusal.ts'

const parse = (text: string) => parseTokenRequest(parseTokenParams(new URLSearchParams(text)))

describe('parseTokenRequest', () => {
  it('reads a code, RFC 6749 §4.1.3', () => {
    expect(
      parse('grant_type=authorization_code&code=c&redirect_uri=https://a.example&code_verifier=v'),
    ).toEqual({
      grantType: 'authorization_code',
      code: 'c',
      redirectUri: 'https://a.example',
      codeVerifier: 'v',
      resource: null,
    })
    expect(parse('grant_type=authorization_code&code=c&resource=https://r.example')).toEqual({
      grantType: 'authorization_code',
      code: 'c',
      redirectUri: null,
      codeVerifier: null,
      resource: 'https://r.example',
    })
  })

  it('reads a refresh token, RFC 6749 §6', () => {
    expect(parse('grant_type=refresh_token&refresh_token=r&scope=a+b')).toEqual({
      grantType: 'refresh_token',
      refreshToken: 'r',
      scopes: ['a', 'b'],
      resource: null,
    })
    expect(parse('grant_type=refresh_token&refresh_token=r&scope=')).toMatchObject({ scopes: null })
  })

  it('reads client credentials, RFC 6749 §4.4.2', () => {
    expect(parse('grant_type=client_credentials&scope=a&resource=urn:x')).toEqual({
      grantType: 'client_credentials',
      scopes: ['a'],
      resource: 'urn:x',
    })
  })

  it.each([
    ['', 'invalid_request', 'parameter_missing'],
    ['grant_type=password&username=u&password=p', 'unsupported_grant_type', 'grant_type_unsupported'],
    ['grant_type=implicit', 'unsupported_grant_type', 'grant_type_unsupported'],
    ['grant_type=Refresh_Token', 'unsupported_grant_type', 'grant_type_unsupported'],
    ['grant_type=toString', 'unsupported_grant_type', 'grant_type_unsupported'],
    ['grant_type=__proto__', 'unsupported_grant_type', 'grant_type_unsupported'],
    ['grant_type=refresh_token&grant_type=refresh_token', 'invalid_request', 'parameter_repeated'],
    ['grant_type=authorization_code', 'invalid_request', 'parameter_missing'],
    ['grant_type=authorization_code&code=a&code=b', 'invalid_request', 'parameter_repeated'],
    ['grant_type=refresh_token', 'invalid_request', 'parameter_missing'],
    ['grant_type=refresh_token&refresh_token=r&scope=a%22', 'invalid_scope', 'scope_malformed'],
    ['grant_type=client_credentials&resource=/api', 'invalid_target', 'resource_malformed'],
    ['grant_type=client_credentials&resource=urn:a%23b', 'invalid_target', 'resource_malformed'],
  ] as const)('refuses %j, RFC 6749 §5.2', (text, code, reason) => {
    expectRefusal(() => parse(text), code, reason)
  })

  it.each(['authorization_code&code=c', 'refresh_token&refresh_token=r', 'client_credentials'])(
    'refuses two resources as invalid_target: %s, RFC 8707 §2.2',
    (grant) => {
      const text = `grant_type=${grant}&resource=urn:a&resource=urn:b`
      expectRefusal(() => parse(text), 'invalid_target', 'resource_repeated')
    },
  )

  it('whatever form comes in, it is read or refused', () => {
    const grant = fc.constantFrom('authorization_code', 'refresh_token', 'client_credentials')
    const names = fc.constantFrom(
      'code',
      'refresh_token',
      'scope',
      'resource',
      'redirect_uri',
      'code_verifier',
    )
    fc.assert(
      fc.property(grant, fc.dictionary(names, anyText), (grant_type, form) =>
        expectTyped(() => parse(new URLSearchParams({ ...form, grant_type }).toString())),
      ),
    )
  })
})

describe('respondToken', () => {
  it('writes wire names, RFC 6749 §5.1', () => {
    expect(
      respondToken({ accessToken: 'a', expiresIn: 600, scope: 'openid x', refreshToken: 'r', idToken: 'i' }),
    ).toEqual({
      access_token: 'a',
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'openid x',
      refresh_token: 'r',
      id_token: 'i',
    })
  })

  it('leaves out what there is not', () => {
    expect(
      respondToken({ accessToken: 'a', expiresIn: 1, scope: '', refreshToken: null, idToken: null }),
    ).toEqual({
      access_token: 'a',
      token_type: 'Bearer',
      expires_in: 1,
    })
  })

  it('lets further members override nothing', () => {
    const extra = { access_token: 'x', token_type: 'x', hint: 1 }
    expect(respondToken({ accessToken: 'a', expiresIn: 1, scope: 's', extra })).toEqual({
      hint: 1,
      access_token: 'a',
      token_type: 'Bearer',
      expires_in: 1,
      scope: 's',
    })
  })
})
