import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientMetadataToWire, parseClientMetadata, unknownClientMembers } from '../src/client-metadata.ts'
import { generateSigningJwk, publicJwk } from '../src/crypto/index.ts'
import { anyJson } from './any-text.ts'
import { expectTyped, refusal } from './refusal.ts'

const uri = { redirect_uris: ['https://app.example/cb'] }
const key = publicJwk(generateSigningJwk('ES256'))

describe('parseClientMetadata fills in', () => {
  it('the defaults of RFC 7591 §2, with refresh_token and the OpenID scopes', () => {
    expect(parseClientMetadata(uri)).toEqual({
      clientName: null,
      grantTypes: ['authorization_code', 'refresh_token'],
      responseTypes: ['code'],
      redirectUris: ['https://app.example/cb'],
      postLogoutRedirectUris: [],
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      tokenEndpointAuthMethod: 'client_secret_basic',
      tokenEndpointAuthSigningAlg: null,
      jwks: null,
      applicationType: 'web',
      idTokenSignedResponseAlg: 'RS256',
      defaultMaxAge: null,
      requireAuthTime: false,
      clientUri: null,
      logoUri: null,
      policyUri: null,
      tosUri: null,
      contacts: [],
      softwareId: null,
      softwareVersion: null,
      initiateLoginUri: null,
      backchannelLogoutUri: null,
      backchannelLogoutSessionRequired: false,
      trusted: false,
      firstParty: false,
      pkce: 'required',
      introspects: [],
      defaultResource: null,
      corsOrigins: [],
    })
  })

  it('neither redirect URI, response type nor OpenID scope for a client that acts for itself, RFC 6749 §4.4', () => {
    const client = parseClientMetadata({ grant_types: ['client_credentials'] })
    expect(client).toMatchObject({ redirectUris: [], responseTypes: [], scopes: [] })
  })

  it('no response type for a first-party client without redirect URI: it never comes to authorize', () => {
    expect(parseClientMetadata({ first_party: true })).toMatchObject({ responseTypes: [], firstParty: true })
  })

  it.each([
    ['none', ['http://127.0.0.1/cb'], 'native'],
    ['none', ['http://localhost:3000/cb', 'com.example.app:/cb'], 'native'],
    ['none', ['https://app.example/cb', 'com.example.app:/cb'], 'refused'],
    ['none', ['https://app.example/cb', 'http://127.0.0.1/cb'], 'web'],
    ['none', ['https://app.example/cb'], 'web'],
    ['client_secret_basic', ['http://127.0.0.1/cb'], 'web'],
    ['client_secret_basic', ['com.example.app:/cb'], 'refused'],
  ])(
    'application_type for %s with %j: %s, RFC 8252 §7',
    (token_endpoint_auth_method, redirect_uris, type) => {
      const parse = () => parseClientMetadata({ token_endpoint_auth_method, redirect_uris })
      if (type === 'refused') expect(refusal(parse).reason).toBe('redirect_uri_scheme_web')
      else expect(parse().applicationType).toBe(type)
    },
  )

  it('application_type for a public first-party client without redirect URI: web', () => {
    const client = parseClientMetadata({ first_party: true, token_endpoint_auth_method: 'none' })
    expect(client.applicationType).toBe('web')
  })

  it('keeps an application_type that was named', () => {
    expect(
      parseClientMetadata({ redirect_uris: ['com.example.app:/cb'], application_type: 'native' }),
    ).toMatchObject({
      applicationType: 'native',
    })
    expect(
      parseClientMetadata({
        redirect_uris: ['http://127.0.0.1/cb'],
        application_type: 'web',
        token_endpoint_auth_method: 'none',
      }).applicationType,
    ).toBe('web')
  })

  it('takes null for absent, RFC 7591 §2', () => {
    const wire = { ...uri, client_name: null, grant_types: null, jwks: null, trusted: null, jwks_uri: null }
    expect(parseClientMetadata(wire)).toEqual(parseClientMetadata(uri))
  })

  it('drops what is named twice', () => {
    const client = parseClientMetadata({
      redirect_uris: ['https://a.example/', 'https://a.example/'],
      scope: 'a b a',
    })
    expect(client).toMatchObject({ redirectUris: ['https://a.example/'], scopes: ['a', 'b'] })
  })
})

const REFUSED: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['no redirect URI for the code grant', {}, 'metadata_inconsistent'],
  ['an empty grant_types', { ...uri, grant_types: [] }, 'metadata_inconsistent'],
  ['an unknown grant', { ...uri, grant_types: ['implicit'] }, 'metadata_malformed'],
  ['the password grant', { ...uri, grant_types: ['password'] }, 'metadata_malformed'],
  ['an implicit response type', { ...uri, response_types: ['token'] }, 'metadata_malformed'],
  [
    'response type code without its grant',
    { grant_types: ['client_credentials'], response_types: ['code'] },
    'metadata_inconsistent',
  ],
  ['refresh_token alone', { grant_types: ['refresh_token'] }, 'metadata_inconsistent'],
  [
    'client_credentials of a public client',
    { grant_types: ['client_credentials'], token_endpoint_auth_method: 'none' },
    'metadata_inconsistent',
  ],
  [
    'optional PKCE of a public client',
    { ...uri, token_endpoint_auth_method: 'none', pkce: 'optional' },
    'metadata_inconsistent',
  ],
  [
    'introspection by a public client',
    { ...uri, token_endpoint_auth_method: 'none', introspects: ['https://api.example'] },
    'metadata_inconsistent',
  ],
  ['plain PKCE', { ...uri, pkce: 'plain' }, 'metadata_malformed'],
  [
    'private_key_jwt without keys',
    { ...uri, token_endpoint_auth_method: 'private_key_jwt' },
    'metadata_inconsistent',
  ],
  [
    'a signing algorithm that no key has',
    {
      ...uri,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key] },
      token_endpoint_auth_signing_alg: 'RS256',
    },
    'metadata_inconsistent',
  ],
  [
    'a signing algorithm without keys',
    { ...uri, token_endpoint_auth_signing_alg: 'ES256' },
    'metadata_inconsistent',
  ],
  ['an HMAC signing algorithm', { ...uri, token_endpoint_auth_signing_alg: 'HS256' }, 'metadata_malformed'],
  ['unsigned ID tokens', { ...uri, id_token_signed_response_alg: 'none' }, 'metadata_malformed'],
  ['jwks_uri', { ...uri, jwks_uri: 'https://app.example/jwks' }, 'metadata_unsupported'],
  ['a sector identifier', { ...uri, sector_identifier_uri: 'https://app.example/s' }, 'metadata_unsupported'],
  ['pairwise subjects', { ...uri, subject_type: 'pairwise' }, 'metadata_unsupported'],
  ['encrypted ID tokens', { ...uri, id_token_encrypted_response_alg: 'RSA-OAEP' }, 'metadata_unsupported'],
  ['signed userinfo', { ...uri, userinfo_signed_response_alg: 'RS256' }, 'metadata_unsupported'],
  ['DPoP', { ...uri, dpop_bound_access_tokens: true }, 'metadata_unsupported'],
  ['a name with a line break', { ...uri, client_name: 'a\nb' }, 'metadata_malformed'],
  ['an empty name', { ...uri, client_name: '' }, 'metadata_malformed'],
  ['a name of 201 characters', { ...uri, client_name: 'a'.repeat(201) }, 'metadata_malformed'],
  ['a name that is a number', { ...uri, client_name: 7 }, 'metadata_malformed'],
  ['a logo that runs a script', { ...uri, logo_uri: 'javascript:alert(1)' }, 'metadata_malformed'],
  ['a page with a user name', { ...uri, client_uri: 'https://a@b.example/' }, 'metadata_malformed'],
  ['a page with a space', { ...uri, tos_uri: 'https://b.example/a b' }, 'metadata_malformed'],
  ['an http back channel', { ...uri, backchannel_logout_uri: 'http://app.example/bc' }, 'metadata_malformed'],
  [
    'a back channel with fragment',
    { ...uri, backchannel_logout_uri: 'https://app.example/#' },
    'metadata_malformed',
  ],
  ['an http initiate_login_uri', { ...uri, initiate_login_uri: 'http://app.example/' }, 'metadata_malformed'],
  ['a negative default_max_age', { ...uri, default_max_age: -1 }, 'metadata_malformed'],
  ['a fractional default_max_age', { ...uri, default_max_age: 1.5 }, 'metadata_malformed'],
  ['a default_max_age in a text', { ...uri, default_max_age: '60' }, 'metadata_malformed'],
  ['an endless default_max_age', { ...uri, default_max_age: 1e300 }, 'metadata_malformed'],
  ['trusted as a text', { ...uri, trusted: 'true' }, 'metadata_malformed'],
  ['an origin with a slash', { ...uri, cors_origins: ['https://app.example/'] }, 'metadata_malformed'],
  [
    'an origin with a default port',
    { ...uri, cors_origins: ['https://app.example:443'] },
    'metadata_malformed',
  ],
  ['an origin in upper case', { ...uri, cors_origins: ['https://APP.example'] }, 'metadata_malformed'],
  ['every origin', { ...uri, cors_origins: ['*'] }, 'metadata_malformed'],
  ['the null origin', { ...uri, cors_origins: ['null'] }, 'metadata_malformed'],
  ['an http origin', { ...uri, cors_origins: ['http://app.example'] }, 'metadata_malformed'],
  ['a relative resource', { ...uri, default_resource: '/api' }, 'metadata_malformed'],
  ['a resource with fragment', { ...uri, introspects: ['https://api.example/#a'] }, 'metadata_malformed'],
  ['a scope with quotes', { ...uri, scope: 'a "b"' }, 'metadata_malformed'],
  ['scopes as a list', { ...uri, scope: ['a'] }, 'metadata_malformed'],
  [
    '101 scopes',
    { ...uri, scope: Array.from({ length: 101 }, (_, i) => `s${i}`).join(' ') },
    'metadata_malformed',
  ],
  ['a text for a list', { redirect_uris: 'https://app.example/cb' }, 'metadata_malformed'],
  ['a number in a list', { redirect_uris: [7] }, 'metadata_malformed'],
  [
    '51 redirect URIs',
    { redirect_uris: Array.from({ length: 51 }, (_, i) => `https://app.example/${i}`) },
    'metadata_malformed',
  ],
  [
    '11 contacts',
    { ...uri, contacts: Array.from({ length: 11 }, (_, i) => `a${i}@b.example`) },
    'metadata_malformed',
  ],
  ['a redirect URI with fragment', { redirect_uris: ['https://app.example/#'] }, 'redirect_uri_fragment'],
  ['an http redirect URI', { redirect_uris: ['http://app.example/'] }, 'redirect_uri_http'],
  [
    'an http redirect URI after logout',
    { ...uri, post_logout_redirect_uris: ['http://app.example/'] },
    'redirect_uri_http',
  ],
]

describe('parseClientMetadata refuses', () => {
  it.each(REFUSED)('%s, RFC 7591 §3.2.2', (_, wire, reason) => {
    const error = refusal(() => parseClientMetadata(wire))
    const code = reason.startsWith('redirect_uri') ? 'invalid_redirect_uri' : 'invalid_client_metadata'
    expect({ code: error.code, reason: error.reason }).toEqual({ code, reason })
  })

  it.each([null, undefined, 'text', 7, true, [], [uri]])('%j, which is no JSON object', (wire) => {
    expect(refusal(() => parseClientMetadata(wire)).reason).toBe('metadata_malformed')
  })

  it('and whatever JSON comes in, the error is typed', () => {
    const names = fc.constantFrom(
      ...Object.keys(clientMetadataToWire(parseClientMetadata(uri))),
      'jwks',
      'client_uri',
    )
    fc.assert(
      fc.property(fc.dictionary(names, anyJson), (wire) =>
        expectTyped(() => parseClientMetadata({ ...uri, ...wire })),
      ),
    )
    fc.assert(fc.property(anyJson, (wire) => expectTyped(() => parseClientMetadata(wire))))
  })
})

describe('parseClientMetadata takes', () => {
  it.each([
    ['unknown members, RFC 7591 §2', { ...uri, surprise: 1 }],
    [
      'members with their harmless value',
      { ...uri, subject_type: 'public', dpop_bound_access_tokens: false },
    ],
    ['a page over http', { ...uri, client_uri: 'http://app.example/a?b#c' }],
    ['a back channel on loopback', { ...uri, backchannel_logout_uri: 'http://localhost:3000/bc' }],
    ['loopback origins', { ...uri, cors_origins: ['http://localhost:3000', 'https://app.example'] }],
    ['first party with refresh alone', { grant_types: ['refresh_token'], first_party: true }],
  ])('%s', (_, wire) => {
    expect(() => parseClientMetadata(wire)).not.toThrow()
  })
})

describe('clientMetadataToWire', () => {
  it.each([
    ['the defaults', uri],
    ['a machine', { grant_types: ['client_credentials'], introspects: ['https://api.example'] }],
    ['scopes', { ...uri, scope: 'b a' }],
    [
      'everything',
      {
        ...uri,
        post_logout_redirect_uris: ['https://app.example/bye'],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [key] },
        application_type: 'web',
        id_token_signed_response_alg: 'EdDSA',
        default_max_age: 0,
        require_auth_time: true,
        client_name: 'B\u00fccher \u{1f4da}',
        client_uri: 'https://app.example/',
        logo_uri: 'https://app.example/logo.svg',
        policy_uri: 'https://app.example/policy',
        tos_uri: 'https://app.example/tos',
        contacts: ['a@app.example'],
        software_id: 'x',
        software_version: '1',
        initiate_login_uri: 'https://app.example/login',
        backchannel_logout_uri: 'https://app.example/bc',
        backchannel_logout_session_required: true,
        trusted: true,
        first_party: true,
        pkce: 'optional',
        introspects: ['https://api.example'],
        default_resource: 'https://api.example',
        cors_origins: ['https://app.example'],
      },
    ],
  ])('writes what parseClientMetadata reads back: %s', (_, wire) => {
    const metadata = parseClientMetadata(wire)
    const written = clientMetadataToWire(metadata)
    expect(parseClientMetadata(JSON.parse(JSON.stringify(written)))).toEqual(metadata)
    expect(written).toMatchObject(wire)
    expect(Object.values(written)).not.toContain(null)
  })
})

describe('unknownClientMembers', () => {
  it('finds what nobody defined, so that an operator sees a misspelt name', () => {
    const wire = {
      ...uri,
      redirect_uri: 'x',
      'client_name#ja': 'x',
      jwks_uri: 'x',
      default_acr_values: [],
      Trusted: true,
    }
    expect(unknownClientMembers(wire)).toEqual(['redirect_uri', 'Trusted'])
  })
})
