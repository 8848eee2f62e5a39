import { describe, expect, it } from 'vitest'
import { logoutTokenClaims } from '../../src/jwt/index.ts'
import { NOW } from './forge.ts'

const input = { issuer: 'https://id.example', clientId: 'app', issuedAt: NOW, expiresAt: NOW + 120, jti: 'j' }

describe('claims of a logout token, Back-Channel Logout §2.4', () => {
  it('name the event, and the subject and the session where they are given', () => {
    const claims = JSON.parse(JSON.stringify(logoutTokenClaims({ ...input, subject: 'u_1', sid: 's1' })))
    expect(claims).toEqual({
      iss: 'https://id.example',
      sub: 'u_1',
      aud: 'app',
      exp: NOW + 120,
      iat: NOW,
      jti: 'j',
      sid: 's1',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    expect(JSON.parse(JSON.stringify(logoutTokenClaims({ ...input, sid: 's1' })))).not.toHaveProperty('sub')
  })

  it('never have a nonce', () => {
    expect(logoutTokenClaims({ ...input, subject: 'u_1' })).not.toHaveProperty('nonce')
  })
})
