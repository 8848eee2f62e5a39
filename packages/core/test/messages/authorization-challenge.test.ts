import { describe, expect, it } from 'vitest'
import { parseAuthorizationParams } from '../../src/messages/authorization.ts'
import {
  parseAuthorizationChallenge,
  respondAuthorizationChallenge,
} from '../../src/messages/authorization-challenge.ts'
import { exampleClient } from '../example-client.ts'
import { expectRefusal, refusal } from '../refusal.ts'

const firstParty = exampleClient({ first_party: true })
const base = {
  email: 'user@app.example',
  password: ' p\u00e4ss\tword ',
  scope: 'openid',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}

function parse(changes: Readonly<Record<string, string>> = {}, client = firstParty) {
  return parseAuthorizationChallenge(
    parseAuthorizationParams(new URLSearchParams({ ...base, ...changes })),
    client,
  )
}

describe('parseAuthorizationChallenge', () => {
  it('reads a first-party sign-in, the password as it was typed', () => {
    expect(parse({ resource: 'urn:a', nonce: 'n' })).toEqual({
      scopes: ['openid'],
      resources: ['urn:a'],
      codeChallenge: base.code_challenge,
      nonce: 'n',
      email: 'user@app.example',
      password: ' p\u00e4ss\tword ',
    })
  })

  it.each([
    ['no e-mail', { email: '' }, 'parameter_missing'],
    ['no password', { password: '' }, 'parameter_missing'],
    ['no challenge', { code_challenge: '', code_challenge_method: '' }, 'pkce_missing'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'pkce_method'],
    ['an e-mail with a line break', { email: 'a\nb' }, 'parameter_malformed'],
    ['an e-mail of 321 characters', { email: 'a'.repeat(321) }, 'parameter_too_long'],
  ] as const)('refuses %s', (_, changes, reason) => {
    expectRefusal(() => parse(changes), 'invalid_request', reason)
  })

  it('refuses repeated parameters, RFC 6749 §3.1', () => {
    const params = parseAuthorizationParams(new URLSearchParams(`${new URLSearchParams(base)}&password=x`))
    expectRefusal(
      () => parseAuthorizationChallenge(params, firstParty),
      'invalid_request',
      'parameter_repeated',
    )
  })

  it('is for first-party clients with the code grant only', () => {
    const noCode = exampleClient({ first_party: true, grant_types: ['refresh_token'] })
    expectRefusal(() => parse({}, exampleClient()), 'unauthorized_client', 'first_party_only')
    expectRefusal(() => parse({}, noCode), 'unauthorized_client', 'first_party_only')
  })

  it('never says what was typed', () => {
    expect(refusal(() => parse({ email: '', password: 's3cret' })).message).not.toContain('s3cret')
  })
})

describe('respondAuthorizationChallenge', () => {
  it('is one member, First-Party Applications §5.2.1', () => {
    expect(respondAuthorizationChallenge('c')).toEqual({ authorization_code: 'c' })
  })
})
