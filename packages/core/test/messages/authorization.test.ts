import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  parseAuthorizationClient,
  parseAuthorizationParams,
  parseAuthorizationRequest,
} from '../../src/messages/authorization.ts'
import { anyText } from '../any-text.ts'
import { exampleClient } from '../example-client.ts'
import { expectRefusal, expectTyped } from '../refusal.ts'

const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const base = {
  client_id: 'c',
  redirect_uri: 'https://app.example/cb',
  response_type: 'code',
  scope: 'openid',
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
}
type Changes = Readonly<Record<string, string>>

function parse(changes: Changes = {}, client = exampleClient(), more = '') {
  const search = new URLSearchParams(`${new URLSearchParams({ ...base, ...changes })}${more}`)
  return parseAuthorizationRequest(parseAuthorizationParams(search), client)
}

describe('parseAuthorizationRequest reads', () => {
  it('the least there can be, RFC 6749 §4.1.1', () => {
    expect(parse()).toEqual({
      clientId: 'c',
      redirectUri: 'https://app.example/cb',
      redirectUriSent: true,
      responseType: 'code',
      responseMode: 'query',
      scopes: ['openid'],
      state: null,
      nonce: null,
      codeChallenge: CHALLENGE,
      prompt: new Set(),
      maxAge: null,
      loginHint: null,
      idTokenHint: null,
      resources: [],
      claims: { userinfo: [], idToken: [], subject: null, essentialAcr: [] },
      display: null,
      uiLocales: [],
      acrValues: [],
    })
  })

  it('every parameter of OpenID Connect Core §3.1.2.1 and RFC 8707 §2.1', () => {
    const request = parse(
      {
        state: 's t/\u00e9"',
        nonce: 'n',
        response_mode: 'form_post',
        prompt: 'login consent',
        max_age: '0',
        login_hint: 'user@app.example',
        id_token_hint: 'a.b.c',
        display: 'popup',
        ui_locales: 'de en',
        acr_values: 'aal1',
        claims: '{"userinfo":{"email":null},"id_token":{"sub":{"value":"u_1"}}}',
      },
      exampleClient(),
      '&resource=https://a.example&resource=https://b.example&resource=https://a.example',
    )
    expect(request).toMatchObject({
      state: 's t/\u00e9"',
      nonce: 'n',
      responseMode: 'form_post',
      prompt: new Set(['login', 'consent']),
      maxAge: 0,
      loginHint: 'user@app.example',
      idTokenHint: 'a.b.c',
      resources: ['https://a.example', 'https://b.example'],
      claims: { userinfo: ['email'], idToken: ['sub'], subject: 'u_1' },
      display: 'popup',
      uiLocales: ['de', 'en'],
      acrValues: ['aal1'],
    })
  })

  it('a request without openid or scope at all: plain OAuth', () => {
    expect(parse({ scope: 'orders:read' }).scopes).toEqual(['orders:read'])
    expect(parse({ scope: '' }).scopes).toEqual([])
  })

  it('default_max_age where there is no max_age, OpenID Connect Registration §2', () => {
    const client = exampleClient({ default_max_age: 60 })
    expect(parse({}, client).maxAge).toBe(60)
    expect(parse({ max_age: '0' }, client).maxAge).toBe(0)
  })

  it('the only redirect URI where none is sent, but not with openid, OpenID Connect Core §3.1.2.1', () => {
    expect(parse({ redirect_uri: '', scope: 'a' })).toMatchObject({
      redirectUri: 'https://app.example/cb',
      redirectUriSent: false,
    })
    expectRefusal(() => parse({ redirect_uri: '' }), 'invalid_request', 'parameter_missing')
  })

  it('unknown display and locales politely', () => {
    expect(parse({ display: 'hologram', ui_locales: '\u00e9', acr_values: 'urn:x' })).toMatchObject({
      display: null,
      uiLocales: [],
      acrValues: ['urn:x'],
    })
  })
})

describe('parseAuthorizationRequest judges PKCE', () => {
  const confidential = exampleClient({ pkce: 'optional' })
  // A record from before the rule, or written by another hand.
  const publicOptional = { ...confidential, tokenEndpointAuthMethod: 'none' as const }
  const none = { code_challenge: '', code_challenge_method: '' }

  it('lets a confidential client with optional PKCE go without', () => {
    expect(parse(none, confidential).codeChallenge).toBeNull()
  })

  it.each([
    ['without a challenge', none, exampleClient(), 'pkce_missing'],
    [
      'without a challenge, as a public client whatever its record says',
      none,
      publicOptional,
      'pkce_missing',
    ],
    ['with a method but no challenge', { code_challenge: '' }, confidential, 'pkce_missing'],
    ['with plain', { code_challenge_method: 'plain' }, exampleClient(), 'pkce_method'],
    ['with plain where PKCE is optional', { code_challenge_method: 'plain' }, confidential, 'pkce_method'],
    ['without a method, which means plain', { code_challenge_method: '' }, confidential, 'pkce_method'],
    ['with s256 in lower case', { code_challenge_method: 's256' }, exampleClient(), 'pkce_method'],
    [
      'with a challenge that no SHA-256 is',
      { code_challenge: 'a'.repeat(43) },
      exampleClient(),
      'pkce_malformed',
    ],
    ['with a padded challenge', { code_challenge: `${CHALLENGE}=` }, exampleClient(), 'pkce_malformed'],
  ] as const)('refuses a request %s, OAuth 2.1 §7.5.1', (_, changes, client, reason) => {
    expectRefusal(() => parse(changes, client), 'invalid_request', reason)
  })
})

describe('parseAuthorizationRequest refuses', () => {
  it.each([
    ['no response_type', { response_type: '' }, 'invalid_request', 'parameter_missing'],
    [
      'the implicit flow',
      { response_type: 'token' },
      'unsupported_response_type',
      'response_type_unsupported',
    ],
    [
      'the hybrid flow',
      { response_type: 'code id_token' },
      'unsupported_response_type',
      'response_type_unsupported',
    ],
    [
      'none as response type',
      { response_type: 'none' },
      'unsupported_response_type',
      'response_type_unsupported',
    ],
    ['fragment responses', { response_mode: 'fragment' }, 'invalid_request', 'response_mode_unsupported'],
    ['a request object, Core §6.1', { request: 'a.b.c' }, 'request_not_supported', 'request_object'],
    [
      'a request URI, Core §6.2',
      { request_uri: 'https://x.example' },
      'request_uri_not_supported',
      'request_object',
    ],
    ['prompt none with login', { prompt: 'none login' }, 'invalid_request', 'prompt_none_combined'],
    ['an unknown prompt', { prompt: 'create' }, 'invalid_request', 'prompt_unknown'],
    ['a negative max_age', { max_age: '-1' }, 'invalid_request', 'parameter_malformed'],
    ['a fractional max_age', { max_age: '1.5' }, 'invalid_request', 'parameter_malformed'],
    ['max_age in letters', { max_age: 'day' }, 'invalid_request', 'parameter_malformed'],
    ['max_age with exponent', { max_age: '1e3' }, 'invalid_request', 'parameter_malformed'],
    ['an endless max_age', { max_age: '9'.repeat(10) }, 'invalid_request', 'parameter_malformed'],
    ['a malformed scope', { scope: 'a"b' }, 'invalid_scope', 'scope_malformed'],
    ['a relative resource', { resource: '/api' }, 'invalid_target', 'resource_malformed'],
    ['a state with line breaks', { state: 'a\r\nb' }, 'invalid_request', 'parameter_malformed'],
    ['a nonce of 513 characters', { nonce: 'n'.repeat(513) }, 'invalid_request', 'parameter_too_long'],
    [
      'a login_hint of 513 characters',
      { login_hint: 'n'.repeat(513) },
      'invalid_request',
      'parameter_too_long',
    ],
    ['claims that are not JSON', { claims: '{' }, 'invalid_request', 'claims_malformed'],
    [
      'a redirect URI that is not registered',
      { redirect_uri: 'https://e.example' },
      'invalid_request',
      'redirect_uri_mismatch',
    ],
  ] as const)('%s', (_, changes, code, reason) => {
    expectRefusal(() => parse(changes), code, reason)
  })

  it('form_post to an app scheme, which would lose the answer', () => {
    const uri = 'com.example.app:/cb'
    const client = exampleClient({ redirect_uris: [uri], token_endpoint_auth_method: 'none' })
    const changes = { redirect_uri: uri, response_mode: 'form_post' }
    expectRefusal(() => parse(changes, client), 'invalid_request', 'response_mode_unsupported')
  })

  it('more than 10 resources', () => {
    const more = Array.from({ length: 11 }, (_, index) => `&resource=https://r${index}.example`).join('')
    expectRefusal(() => parse({}, exampleClient(), more), 'invalid_target', 'resources_too_many')
  })

  it.each(Object.keys({ ...base, state: '', nonce: '', prompt: '', claims: '', request: '', unknown: '' }))(
    'a repeated %s, RFC 6749 §3.1',
    (name) => {
      const twice = `&${name}=x&${name}=y`
      expectRefusal(() => parse({}, exampleClient(), twice), 'invalid_request', 'parameter_repeated')
    },
  )

  it('a client without the authorization code grant, RFC 6749 §4.1.2.1', () => {
    const client = { ...exampleClient(), grantTypes: ['client_credentials' as const] }
    expectRefusal(() => parse({}, client), 'unauthorized_client', 'grant_not_registered')
    const noCode = { ...exampleClient(), responseTypes: [] }
    expectRefusal(() => parse({}, noCode), 'unauthorized_client', 'grant_not_registered')
  })

  it('and whatever parameters come in, the error is typed', () => {
    const names = fc.constantFrom(
      'scope',
      'state',
      'nonce',
      'prompt',
      'max_age',
      'claims',
      'resource',
      'redirect_uri',
      'response_mode',
      'response_type',
      'code_challenge',
      'code_challenge_method',
      'client_id',
      'login_hint',
      'display',
    )
    fc.assert(fc.property(fc.dictionary(names, anyText), (changes) => expectTyped(() => parse(changes))))
  })
})

describe('parseAuthorizationClient', () => {
  const stage = (text: string) =>
    parseAuthorizationClient(parseAuthorizationParams(new URLSearchParams(text)))

  it('reads where the answer would go, before anything is proven', () => {
    expect(stage('client_id=c&redirect_uri=https://a.example&state=s&response_mode=form_post')).toEqual({
      clientId: 'c',
      redirectUri: 'https://a.example',
      responseMode: 'form_post',
      state: 's',
    })
  })

  it.each([
    [
      'an unknown response_mode',
      'client_id=c&response_mode=x&state=s',
      { responseMode: 'query', state: 's' },
    ],
    [
      'a repeated response_mode',
      'client_id=c&response_mode=query&response_mode=form_post',
      { responseMode: 'query' },
    ],
    ['a repeated state', 'client_id=c&state=a&state=b', { state: null }],
    ['a state with control characters', 'client_id=c&state=%0A', { state: null }],
    ['other repeats', 'client_id=c&scope=a&scope=b&state=s', { state: 's' }],
  ])('goes on with %s, so that the client can be told', (_, text, expected) => {
    expect(stage(text)).toMatchObject(expected)
  })

  it.each([
    ['no client_id', 'redirect_uri=https://a.example', 'parameter_missing'],
    ['two client_ids', 'client_id=a&client_id=b', 'parameter_repeated'],
    [
      'two redirect URIs',
      'client_id=a&redirect_uri=https://a.example&redirect_uri=https://b.example',
      'parameter_repeated',
    ],
    ['a client_id with a line break', 'client_id=a%0A', 'client_id_malformed'],
    ['a client_id of 257 characters', `client_id=${'a'.repeat(257)}`, 'client_id_malformed'],
  ] as const)('refuses %s for a page: nothing is proven, RFC 6749 §4.1.2.1', (_, text, reason) => {
    expectRefusal(() => stage(text), 'invalid_request', reason)
  })
})
