import { describe, expect, it } from 'vitest'
import { type IdTokenInput, idTokenClaims } from '../../src/jwt/index.ts'
import { NOW } from './forge.ts'

const input: IdTokenInput = {
  issuer: 'https://id.example',
  subject: 'u_1',
  clientId: 'app',
  issuedAt: NOW,
  expiresAt: NOW + 600,
}
const written = (change: Partial<IdTokenInput>) =>
  JSON.parse(JSON.stringify(idTokenClaims({ ...input, ...change })))

describe('claims of an ID token, OpenID Connect Core §2', () => {
  it('are the required ones where there is nothing else', () => {
    const claims = { iss: 'https://id.example', sub: 'u_1', aud: 'app', exp: NOW + 600, iat: NOW }
    expect(written({})).toEqual(claims)
    expect(
      written({ nonce: null, acr: null, amr: [], sid: null, authTime: null, accessToken: null }),
    ).toEqual(claims)
  })

  it('carry the sign-in, the nonce and the session', () => {
    const facts = { nonce: 'n', acr: 'aal1', amr: ['pwd'], sid: 's' }
    expect(written({ ...facts, authTime: NOW - 5 })).toMatchObject({ ...facts, auth_time: NOW - 5 })
  })

  it('bind the access token by at_hash, §3.1.3.6 and App. A.3', () => {
    const token = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y'
    expect(written({ accessToken: { token, alg: 'RS256' } }).at_hash).toBe('77QmUPtjPfzWtF2AnpK9RQ')
  })

  it('of the user never override those that decide', () => {
    const extra = { name: 'A', iss: 'https://evil.example', nonce: 'other', aud: 'x', azp: 'x', at_hash: 'x' }
    const claims = written({ extra })
    expect(claims).toMatchObject({ name: 'A', iss: 'https://id.example', aud: 'app' })
    expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['nonce']))
    expect(claims).not.toHaveProperty('azp')
    expect(claims).not.toHaveProperty('at_hash')
  })
})
