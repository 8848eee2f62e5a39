import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/crypto/index.ts'
import { parseBasic, parseClientCredentials } from '../../src/messages/client-credentials.ts'
import { parseParams } from '../../src/messages/params.ts'
import { CLIENT_ASSERTION_TYPE } from '../../src/vocabulary.ts'
import { anyText } from '../any-text.ts'
import { expectRefusal, expectTyped } from '../refusal.ts'

const basic = (pair: string): string => `Basic ${Buffer.from(pair, 'latin1').toString('base64')}`
const read = (header: string | null, form: Readonly<Record<string, string>> = {}) =>
  parseClientCredentials(header, parseParams(new URLSearchParams(form)))

function assertionOf(claims: object): string {
  const part = (value: object): string => encodeBase64url(JSON.stringify(value))
  return `${part({ alg: 'ES256' })}.${part(claims)}.AAAA`
}
const jwt = { client_assertion: assertionOf({ sub: 'c' }), client_assertion_type: CLIENT_ASSERTION_TYPE }

describe('parseBasic', () => {
  it.each([
    ['id:secret', 'id', 'secret'],
    ['a%20b+c:%26%3D%3A%25%C3%A9', 'a b c', '&=:%\u00e9'],
    ['https%3A%2F%2Fapp.example:x:y', 'https://app.example', 'x:y'],
    ['id:', 'id', ''],
  ])('form-decodes %s, RFC 6749 §2.3.1', (pair, clientId, secret) => {
    expect(parseBasic(basic(pair))).toEqual({ clientId, secret })
  })

  it.each(['basic', 'BASIC', 'bAsIc'])('takes the scheme as %s, RFC 9110 §11.1', (scheme) => {
    expect(parseBasic(basic('id:s').replace('Basic', scheme))).toEqual({ clientId: 'id', secret: 's' })
  })

  it.each([null, '', 'Bearer abc', 'Basics abc', 'Digest x'])('is null for %j', (header) => {
    expect(parseBasic(header)).toBeNull()
  })

  it.each([
    'Basic',
    'Basic ',
    'Basic !!!!',
    'Basic aWQ6cw==, Basic aWQ6cw==',
    'Basic aWQ6c-_=',
    'Basic aWQ6c===',
    'Basic a',
    basic('no colon'),
    basic('id:%zz'),
    basic('id:%'),
    basic('%E9:s'),
    basic('\u00e9:s'),
    basic('id:\u00e9'),
    basic('id\0:s'),
    basic('id:%00'),
    basic('id:%0A'),
    basic('%C3%A9:s'),
    `Basic ${'a'.repeat(8000)}`,
  ])('refuses %j as invalid_client, RFC 6749 §5.2', (header) => {
    expect(() => parseBasic(header)).toThrow(/^invalid_client: /)
  })

  it('refuses an empty id', () => {
    expectRefusal(() => parseBasic(basic(':secret')), 'invalid_client', 'client_id_malformed')
  })

  it('reads back what a client wrote by RFC 6749 §2.3.1, and whatever comes in, the error is typed', () => {
    const encode = (text: string): string => new URLSearchParams({ v: text }).toString().slice(2)
    const word = fc.stringMatching(/^[\x20-\x7e]{1,40}$/)
    fc.assert(
      fc.property(word, word, (clientId, secret) => {
        expect(parseBasic(basic(`${encode(clientId)}:${encode(secret)}`))).toEqual({ clientId, secret })
      }),
    )
    fc.assert(fc.property(anyText, (text) => expectTyped(() => parseBasic(`Basic ${text}`))))
    fc.assert(fc.property(anyText, (text) => expectTyped(() => parseBasic(basic(text)))))
  })
})

describe('parseClientCredentials', () => {
  it.each([
    ['client_secret_basic', basic('c:s'), {}, { clientId: 'c', secret: 's' }],
    ['client_secret_basic', basic('c:s'), { client_id: 'c' }, { clientId: 'c', secret: 's' }],
    ['client_secret_post', null, { client_id: 'c', client_secret: 's' }, { clientId: 'c', secret: 's' }],
    ['private_key_jwt', null, jwt, { clientId: 'c', assertion: jwt.client_assertion }],
    ['private_key_jwt', null, { ...jwt, client_id: 'c' }, { clientId: 'c', assertion: jwt.client_assertion }],
    ['none', null, { client_id: 'c' }, { clientId: 'c' }],
  ] as const)('reads %s, OpenID Connect Core §9', (method, header, form, rest) => {
    expect(read(header, form)).toEqual({ method, ...rest })
  })

  it.each([
    ['Basic and post', basic('c:s'), { client_id: 'c', client_secret: 's' }],
    ['Basic and an assertion', basic('c:s'), jwt],
    ['post and an assertion', null, { ...jwt, client_secret: 's' }],
  ])('refuses %s: one method a request, RFC 6749 §2.3', (_, header, form) => {
    expectRefusal(() => read(header, form), 'invalid_request', 'client_credentials_repeated')
  })

  it.each([
    ['Basic', basic('c:s'), { client_id: 'other' }],
    ['an assertion', null, { ...jwt, client_id: 'other' }],
  ])('refuses another client_id beside %s, RFC 7521 §4.2', (_, header, form) => {
    expectRefusal(() => read(header, form), 'invalid_request', 'client_id_mismatch')
  })

  it.each([
    ['nothing at all', null, {}, 'client_credentials_missing'],
    ['a secret without client_id', null, { client_secret: 's' }, 'client_credentials_missing'],
    ['another scheme', 'Bearer abc', { client_id: 'c' }, 'client_credentials_malformed'],
    ['an empty header', '', { client_id: 'c' }, 'client_credentials_malformed'],
    [
      'a malformed Basic header beside client_id',
      'Basic !',
      { client_id: 'c' },
      'client_credentials_malformed',
    ],
    ['an assertion without type', null, { client_assertion: jwt.client_assertion }, 'assertion_type_unknown'],
    [
      'an assertion of another type',
      null,
      { ...jwt, client_assertion_type: 'urn:x' },
      'assertion_type_unknown',
    ],
    ['an assertion without sub', null, { ...jwt, client_assertion: assertionOf({}) }, 'assertion_malformed'],
    ['an assertion that is no JWT', null, { ...jwt, client_assertion: 'x' }, 'assertion_malformed'],
    ['a client_id with a line break', null, { client_id: 'a\n' }, 'client_id_malformed'],
    ['a client_id of 257 characters', null, { client_id: 'a'.repeat(257) }, 'client_id_malformed'],
  ] as const)('refuses %s as invalid_client, RFC 6749 §5.2', (_, header, form, reason) => {
    expectRefusal(() => read(header, form), 'invalid_client', reason)
  })

  it('whatever header and form come in, the error is typed', () => {
    const names = fc.constantFrom('client_id', 'client_secret', 'client_assertion', 'client_assertion_type')
    fc.assert(
      fc.property(fc.option(anyText), fc.dictionary(names, anyText), (header, form) =>
        expectTyped(() => read(header, form)),
      ),
    )
  })
})
