import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAssertionSubject, verifyClientAssertion } from '../src/client-assertion.ts'
import {
  encodeBase64url,
  generateSigningJwk,
  generateSigningJwkAsync,
  importPrivateJwk,
  importPublicJwk,
  publicJwk,
  signBytes,
} from '../src/crypto/index.ts'
import { ASSERTION_ALGS } from '../src/vocabulary.ts'
import { anyText } from './any-text.ts'
import { expectRefusal, expectTyped } from './refusal.ts'

const NOW = 1_800_000_000
const ISSUER = 'https://id.example'
const TOKEN_ENDPOINT = 'https://id.example/oauth/token'

const jwks = await Promise.all(ASSERTION_ALGS.map((alg) => generateSigningJwkAsync(alg)))
const signers = jwks.map(importPrivateJwk)
const es256 = generateSigningJwk('ES256')
const signer = importPrivateJwk(es256)
const rules = {
  clientId: 'client',
  keys: [es256, ...jwks].map((jwk) => importPublicJwk(publicJwk(jwk))),
  audiences: [ISSUER, TOKEN_ENDPOINT],
  now: NOW,
}
const claims = { iss: 'client', sub: 'client', aud: ISSUER, jti: 'j1', iat: NOW, exp: NOW + 60 }

function assertion(changes: Readonly<Record<string, unknown>> = {}, key = signer, typ = 'JWT'): string {
  const part = (value: object): string => encodeBase64url(JSON.stringify(value))
  const input = `${part({ alg: key.alg, kid: key.kid, typ })}.${part({ ...claims, ...changes })}`
  return `${input}.${encodeBase64url(signBytes(key, input))}`
}

describe('verifyClientAssertion accepts', () => {
  it.each(signers.map((key) => [key.alg, key] as const))('a signature by %s, RFC 7523 §3', (_, key) => {
    expect(verifyClientAssertion(assertion({}, key), rules)).toEqual({ jti: 'j1', exp: NOW + 90 })
  })

  it.each([
    ['the token endpoint as audience', { aud: TOKEN_ENDPOINT }],
    ['an audience in a list of one', { aud: [ISSUER] }],
    ['no iat', { iat: undefined }],
    ['a clock that is half a minute behind', { exp: NOW - 29 }],
    ['an hour', { exp: NOW + 3600 }],
  ])('%s, RFC 7523 §3', (_, changes) => {
    expect(verifyClientAssertion(assertion(changes), rules).jti).toBe('j1')
  })

  it('a kid that the registered key does not name, RFC 7515 §4.1.4', () => {
    const unnamed = rules.keys.map((key) => ({ ...key, kid: null }))
    expect(verifyClientAssertion(assertion(), { ...rules, keys: unnamed }).jti).toBe('j1')
  })

  it.each(['JWT', 'jwt', 'client-authentication+jwt', 'application/client-authentication+jwt'])(
    'the type %s, RFC 8725 §3.11',
    (typ) => {
      expect(verifyClientAssertion(assertion({}, signer, typ), rules).jti).toBe('j1')
    },
  )
})

describe('verifyClientAssertion refuses', () => {
  it.each([
    ['another issuer', { iss: 'other' }, 'assertion_issuer'],
    ['no issuer', { iss: undefined }, 'assertion_malformed'],
    ['another subject', { sub: 'other' }, 'assertion_issuer'],
    ['no subject', { sub: undefined }, 'assertion_issuer'],
    ['another audience', { aud: 'https://other.example' }, 'assertion_audience'],
    ['no audience', { aud: undefined }, 'assertion_malformed'],
    ['ours beside another audience', { aud: [ISSUER, 'https://other.example'] }, 'assertion_audience'],
    ['both of our audiences', { aud: [ISSUER, TOKEN_ENDPOINT] }, 'assertion_audience'],
    ['an empty list of audiences', { aud: [] }, 'assertion_audience'],
    ['an audience with a slash more', { aud: `${ISSUER}/` }, 'assertion_audience'],
    ['no exp', { exp: undefined }, 'assertion_malformed'],
    ['an exp in a text', { exp: `${NOW + 60}` }, 'assertion_malformed'],
    ['the past', { exp: NOW - 30 }, 'assertion_time'],
    ['more than an hour ahead', { exp: NOW + 3631 }, 'assertion_time'],
    ['not yet', { nbf: NOW + 31 }, 'assertion_time'],
    ['issued in the future', { iat: NOW + 61 }, 'assertion_time'],
    ['no jti', { jti: undefined }, 'assertion_malformed'],
    ['an empty jti', { jti: '' }, 'assertion_malformed'],
    ['a jti that is a number', { jti: 7 }, 'assertion_malformed'],
    ['a jti of 257 characters', { jti: 'j'.repeat(257) }, 'assertion_malformed'],
    ['a jti with NUL', { jti: 'a\0' }, 'assertion_malformed'],
  ] as const)('%s, RFC 7523 §3', (_, changes, reason) => {
    expectRefusal(() => verifyClientAssertion(assertion(changes), rules), 'invalid_client', reason)
  })

  it('a key that is not registered, and a client without keys', () => {
    const stranger = importPrivateJwk(generateSigningJwk('ES256'))
    const forged = { ...stranger, kid: signer.kid }
    expectRefusal(
      () => verifyClientAssertion(assertion({}, stranger), rules),
      'invalid_client',
      'assertion_key',
    )
    expectRefusal(
      () => verifyClientAssertion(assertion({}, forged), rules),
      'invalid_client',
      'assertion_key',
    )
    expectRefusal(
      () => verifyClientAssertion(assertion(), { ...rules, keys: [] }),
      'invalid_client',
      'assertion_key',
    )
  })

  it.each(['none', 'HS256', 'ES384'])('the algorithm %s, RFC 8725 §3.1', (alg) => {
    const part = (value: object): string => encodeBase64url(JSON.stringify(value))
    const token = `${part({ alg, typ: 'JWT' })}.${part(claims)}.AAAA`
    expectRefusal(() => verifyClientAssertion(token, rules), 'invalid_client', 'assertion_key')
  })

  it.each(['at+jwt', 'logout+jwt', 'secevent+jwt', ''])('a token of type %j, RFC 8725 §3.11', (typ) => {
    expectRefusal(
      () => verifyClientAssertion(assertion({}, signer, typ), rules),
      'invalid_client',
      'assertion_malformed',
    )
  })

  it('and whatever text comes in, the error is typed', () => {
    fc.assert(fc.property(anyText, (text) => expectTyped(() => verifyClientAssertion(text, rules))))
    const token = assertion()
    fc.assert(
      fc.property(fc.nat(token.length - 1), anyText, (at, text) => {
        const broken = token.slice(0, at) + text + token.slice(at + 1)
        if (broken !== token) expectRefused(broken)
      }),
    )
  })
})

function expectRefused(token: string): void {
  expect(() => verifyClientAssertion(token, rules)).toThrow(/^invalid_client: /)
}

describe('readAssertionSubject', () => {
  it('reads sub without believing it, and null where there is none, RFC 7521 §4.2', () => {
    expect(readAssertionSubject(assertion())).toBe('client')
    expect(readAssertionSubject(assertion({ sub: 7 }))).toBeNull()
    expect(readAssertionSubject('a.b.c')).toBeNull()
  })
})
