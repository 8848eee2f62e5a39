import { describe, expect, it } from 'vitest'
import { discoveryDocument, endpointUrl } from '../../src/messages/discovery.ts'

const facts = {
  issuer: 'https://id.example/auth',
  scopes: ['openid', 'orders:read', 'openid'],
  claims: ['sub', 'email'],
  acrValues: ['aal1'],
  uiLocales: ['en'],
  backchannelLogout: false,
}

describe('discoveryDocument', () => {
  const document = discoveryDocument(facts)

  it('holds what OpenID Connect Discovery §3 and RFC 8414 §2 require', () => {
    const required = [
      'issuer',
      'authorization_endpoint',
      'token_endpoint',
      'userinfo_endpoint',
      'jwks_uri',
      'scopes_supported',
      'response_types_supported',
      'subject_types_supported',
      'id_token_signing_alg_values_supported',
      'claims_supported',
    ]
    for (const name of required) expect(document).toHaveProperty(name)
    expect(document.id_token_signing_alg_values_supported).toContain('RS256')
    expect(document.issuer).toBe('https://id.example/auth')
  })

  it('puts every endpoint below the issuer', () => {
    const urls = Object.entries(document).filter(([name]) => /_endpoint$|_uri$/.test(name))
    expect(Object.fromEntries(urls)).toEqual({
      authorization_endpoint: 'https://id.example/auth/oauth/authorize',
      token_endpoint: 'https://id.example/auth/oauth/token',
      jwks_uri: 'https://id.example/auth/oauth/jwks',
      userinfo_endpoint: 'https://id.example/auth/oauth/userinfo',
      introspection_endpoint: 'https://id.example/auth/oauth/introspect',
      revocation_endpoint: 'https://id.example/auth/oauth/revoke',
      end_session_endpoint: 'https://id.example/auth/oauth/logout',
      authorization_challenge_endpoint: 'https://id.example/auth/oauth/authorize-challenge',
    })
  })

  it('says outright what is not supported, whose defaults say otherwise, OpenID Connect Discovery §3', () => {
    expect(document).toMatchObject({
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      claims_parameter_supported: true,
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'form_post'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      subject_types_supported: ['public'],
    })
  })

  it.each([
    'pushed_authorization_request_endpoint',
    'device_authorization_endpoint',
    'registration_endpoint',
    'dpop_signing_alg_values_supported',
    'backchannel_logout_supported',
    'frontchannel_logout_supported',
    'check_session_iframe',
    'op_policy_uri',
  ])('is silent about %s, which is not there', (name) => {
    expect(document).not.toHaveProperty(name)
  })

  it('lists each scope once', () => {
    expect(document.scopes_supported).toEqual(['openid', 'orders:read'])
  })

  it('tells of back-channel logout and of a policy where there are such, Back-Channel Logout §2.1', () => {
    expect(
      discoveryDocument({ ...facts, backchannelLogout: true, policyUri: 'https://id.example/p' }),
    ).toMatchObject({
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      op_policy_uri: 'https://id.example/p',
    })
  })

  it('does not offer introspection to clients that prove nothing, RFC 7662 §2.1', () => {
    expect(document.introspection_endpoint_auth_methods_supported).not.toContain('none')
    expect(document.token_endpoint_auth_methods_supported).toContain('none')
  })
})

describe('endpointUrl', () => {
  it.each([
    ['https://id.example', 'https://id.example/oauth/token'],
    ['https://id.example/', 'https://id.example/oauth/token'],
    ['https://id.example/auth', 'https://id.example/auth/oauth/token'],
  ])('below %s', (issuer, url) => {
    expect(endpointUrl(issuer, '/oauth/token')).toBe(url)
  })
})
