import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseClaimsParameter } from '../../src/messages/claims-parameter.ts'
import { anyJson, anyText } from '../any-text.ts'
import { expectRefusal, expectTyped } from '../refusal.ts'

const nothing = { userinfo: [], idToken: [], subject: null, essentialAcr: [] }

describe('parseClaimsParameter', () => {
  it.each([
    [null, nothing],
    ['{}', nothing],
    ['{"userinfo":null,"id_token":null}', nothing],
    ['{"userinfo":{"email":null,"name":{"essential":true}}}', { ...nothing, userinfo: ['email', 'name'] }],
    ['{"id_token":{"auth_time":{"essential":true}}}', { ...nothing, idToken: ['auth_time'] }],
    ['{"userinfo":{"name#ja":null}}', { ...nothing, userinfo: ['name#ja'] }],
    ['{"id_token":{"sub":{"value":"u_1"}}}', { ...nothing, idToken: ['sub'], subject: 'u_1' }],
    ['{"userinfo":{"sub":{"values":["u_1"]}}}', { ...nothing, userinfo: ['sub'], subject: 'u_1' }],
    [
      '{"userinfo":{"sub":{"value":"u_1"}},"id_token":{"sub":{"value":"u_1"}}}',
      { userinfo: ['sub'], idToken: ['sub'], subject: 'u_1', essentialAcr: [] },
    ],
    [
      '{"id_token":{"acr":{"essential":true,"values":["aal2","aal3"]}}}',
      { ...nothing, idToken: ['acr'], essentialAcr: ['aal2', 'aal3'] },
    ],
    ['{"id_token":{"acr":{"values":["aal2"]}}}', { ...nothing, idToken: ['acr'] }],
    ['{"other":[1],"id_token":{"email":{"new_member":[]}}}', { ...nothing, idToken: ['email'] }],
  ])('reads %s, OpenID Connect Core §5.5', (text, expected) => {
    expect(parseClaimsParameter(text)).toEqual(expected)
  })

  it.each([
    '{',
    'null',
    '[]',
    '"userinfo"',
    '{"userinfo":[]}',
    '{"userinfo":"email"}',
    '{"userinfo":{"email":true}}',
    '{"userinfo":{"email":"yes"}}',
    '{"userinfo":{"email":[]}}',
    '{"userinfo":{"email":{"essential":"true"}}}',
    '{"userinfo":{"email":{"values":"a"}}}',
    '{"userinfo":{"":null}}',
    '{"userinfo":{"a\\u0000":null}}',
    '{"userinfo":{"email":null},"userinfo":{"phone_number":null}}',
    '{"userinfo":{"email":null,"email":null}}',
    '{"userinfo":{"__proto__":null}}',
    '{"id_token":{"sub":{"value":7}}}',
    '{"id_token":{"sub":{"values":["a","b"]}}}',
    '{"userinfo":{"sub":{"value":"a"}},"id_token":{"sub":{"value":"b"}}}',
    '{"id_token":{"acr":{"essential":true,"values":[7]}}}',
    `{"userinfo":{${Array.from({ length: 51 }, (_, i) => `"c${i}":null`).join()}}}`,
    `{"id_token":{"acr":{"values":[${Array.from({ length: 21 }, (_, i) => i).join()}]}}}`,
    `{"userinfo":{"${'n'.repeat(257)}":null}}`,
    '['.repeat(4000),
    '{"userinfo":'.repeat(600),
  ])('refuses %s, OpenID Connect Core §5.5', (text) => {
    expectRefusal(() => parseClaimsParameter(text), 'invalid_request', 'claims_malformed')
  })

  it('whatever text comes in, it is read or refused as invalid_request', () => {
    fc.assert(fc.property(anyText, (text) => expectTyped(() => parseClaimsParameter(text))))
    fc.assert(fc.property(anyJson, (json) => expectTyped(() => parseClaimsParameter(JSON.stringify(json)))))
    const claims = fc.dictionary(fc.constantFrom('sub', 'acr', 'email'), anyJson)
    fc.assert(
      fc.property(claims, claims, (userinfo, id_token) =>
        expectTyped(() => parseClaimsParameter(JSON.stringify({ userinfo, id_token }))),
      ),
    )
  })
})
