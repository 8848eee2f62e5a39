import { describe, expect, it } from 'vitest'
import { claimsFor, pickClaims } from '../../src/identity/claims.ts'
import type { User } from '../../src/storage/records.ts'

const user: User = {
  id: 'u_1',
  email: 'ada@example.com',
  emailVerified: false,
  passwordHash: 'secret',
  claims: {
    name: 'Ada L.',
    given_name: 'Ada',
    phone_number: '+44 1',
    phone_number_verified: true,
    address: { country: 'GB' },
    nickname: null,
  },
  disabledAt: null,
  createdAt: 5,
  updatedAt: 7,
}

describe('claims about a person', () => {
  it.each([
    [['openid'], {}],
    [['openid', 'email'], { email: 'ada@example.com', email_verified: false }],
    [['profile'], { name: 'Ada L.', given_name: 'Ada', updated_at: 7 }],
    [['phone'], { phone_number: '+44 1', phone_number_verified: true }],
    [['address'], { address: { country: 'GB' } }],
    [['orders:read'], {}],
  ])('under %j, OpenID Connect Core §5.4', (scopes, expected) => {
    expect(claimsFor(user, scopes)).toEqual(expected)
  })

  it('asked for one by one are given beside those of the scopes, §5.5', () => {
    expect(claimsFor(user, ['email'], ['given_name', 'website', 'email'])).toEqual({
      email: 'ada@example.com',
      email_verified: false,
      given_name: 'Ada',
    })
  })

  it('are never what the record holds beside them', () => {
    const names = ['passwordHash', 'password', 'id', '__proto__', 'constructor', 'toString']
    expect(pickClaims(user, names)).toEqual({})
  })
})
