import { describe, expect, it } from 'vitest'
import {
  type AccessTokenInput,
  accessTokenClaims,
  type JwtErrorCode,
  parseAccessTokenClaims,
  parseJwt,
  signJwt,
} from '../../src/jwt/index.ts'
import { codeOf, key, NOW } from './forge.ts'

const input: AccessTokenInput = {
  issuer: 'https://id.example',
  subject: 'u_1',
  audience: 'https://api.example',
  issuedAt: NOW,
  expiresAt: NOW + 600,
  jti: 'f.1',
  clientId: 'app',
  scopes: ['read', 'write'],
}
const required = { iss: 'i', sub: 's', aud: 'a', exp: NOW + 1, iat: NOW, jti: 'j', client_id: 'c' }

describe('claims of an access token, RFC 9068 §2.2', () => {
  it('are the required ones and scope where there is nothing else', () => {
    expect(JSON.parse(JSON.stringify(accessTokenClaims(input)))).toEqual({
      iss: 'https://id.example',
      sub: 'u_1',
      aud: 'https://api.example',
      exp: NOW + 600,
      iat: NOW,
      jti: 'f.1',
      client_id: 'app',
      scope: 'read write',
    })
  })

  it('leave out what is empty', () => {
    const empty = { sid: null, authTime: null, acr: null, amr: [], roles: [], permissions: [], extra: {} }
    const claims = accessTokenClaims({ ...input, ...empty, scopes: [] })
    expect(Object.keys(JSON.parse(JSON.stringify(claims))).sort()).toEqual(
      ['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'sub'].sort(),
    )
  })

  it('come back as they went, through a token', () => {
    const session = { sid: 's1', authTime: NOW - 9, acr: 'aal1', amr: ['pwd'] }
    const rights = { roles: ['admin'], permissions: ['orders:write'] }
    const token = signJwt({ typ: 'at+jwt' }, accessTokenClaims({ ...input, ...session, ...rights }), key)
    expect(parseAccessTokenClaims(parseJwt(token).claims)).toMatchObject({
      ...input,
      audience: ['https://api.example'],
      ...session,
      ...rights,
    })
  })

  it('of the user never override those that decide, §2.2.2', () => {
    const extra = {
      email: 'a@example.com',
      sub: 'u_root',
      scope: 'admin',
      roles: ['admin'],
      permissions: ['all'],
      cnf: { jkt: 'x' },
      nbf: 0,
      client_id: 'root',
    }
    const claims = accessTokenClaims({ ...input, extra })
    expect(claims).toMatchObject({
      email: 'a@example.com',
      sub: 'u_1',
      scope: 'read write',
      client_id: 'app',
    })
    expect(claims.roles).toBeUndefined()
    expect(claims.permissions).toBeUndefined()
    expect(claims).not.toHaveProperty('cnf')
    expect(claims).not.toHaveProperty('nbf')
  })
})

describe('reading the claims of any issuer', () => {
  it('fills what is absent', () => {
    expect(parseAccessTokenClaims(required)).toEqual({
      issuer: 'i',
      subject: 's',
      audience: ['a'],
      issuedAt: NOW,
      expiresAt: NOW + 1,
      jti: 'j',
      clientId: 'c',
      scopes: [],
      sid: null,
      authTime: null,
      acr: null,
      amr: [],
      roles: [],
      permissions: [],
      claims: required,
    })
  })

  it('takes roles as texts and as objects with a value, RFC 7643 §4.1.2', () => {
    expect(parseAccessTokenClaims({ ...required, roles: ['a', 'b'] }).roles).toEqual(['a', 'b'])
    expect(parseAccessTokenClaims({ ...required, roles: [{ value: 'a', primary: true }] }).roles).toEqual([
      'a',
    ])
  })

  it.each(['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id'])('requires %s', (name) => {
    expect(codeOf(() => parseAccessTokenClaims({ ...required, [name]: undefined }))).toBe('claim_missing')
    expect(codeOf(() => parseAccessTokenClaims({ ...required, [name]: {} }))).toBe('claim_malformed')
  })

  it.each<[object, JwtErrorCode]>([
    [{ scope: ['read'] }, 'claim_malformed'],
    [{ scope: 1 }, 'claim_malformed'],
    [{ roles: 'admin' }, 'claim_malformed'],
    [{ roles: [{ value: 1 }] }, 'claim_malformed'],
    [{ roles: [null] }, 'claim_malformed'],
    [{ permissions: { 0: 'all' } }, 'claim_malformed'],
    [{ amr: 'pwd' }, 'claim_malformed'],
    [{ sid: 1 }, 'claim_malformed'],
    [{ exp: 1.5 }, 'claim_malformed'],
    [{ auth_time: 'now' }, 'claim_malformed'],
    [{ aud: ['a', null] }, 'claim_malformed'],
  ])('refuses %j', (change, code) => {
    expect(codeOf(() => parseAccessTokenClaims({ ...required, ...change }))).toBe(code)
  })
})
