import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/identity/input-error.ts'
import { checkProfileClaims, parseClaimText } from '../../src/identity/standard-claims.ts'

describe('checkProfileClaims, OpenID Connect Core §5.1', () => {
  it('takes every standard claim in its type', () => {
    const claims = {
      name: 'Ada Lovelace',
      picture: 'https://example.com/ada.png',
      birthdate: '0000-12-10',
      phone_number_verified: true,
      address: { locality: 'London', country: 'UK' },
    }
    expect(checkProfileClaims(claims)).toEqual(claims)
  })

  it.each<Record<string, unknown>>([
    { sub: 'x' },
    { email: 'x@y.z' },
    { roles: ['admin'] },
    { name: '' },
    { name: 5 },
    { picture: 'javascript:alert(1)' },
    { birthdate: '10.12.1815' },
    { phone_number_verified: 'yes' },
    { address: 'London' },
    { address: { planet: 'Earth' } },
    { constructor: 'x' },
  ])('refuses %o', (claims) => {
    expect(() => checkProfileClaims(claims)).toThrow(InputError)
  })

  it('reads values as a command line has them', () => {
    expect(parseClaimText('phone_number_verified', 'true')).toBe(true)
    expect(parseClaimText('address', '{"locality":"London"}')).toEqual({ locality: 'London' })
    expect(parseClaimText('address', '12 Street')).toEqual({ formatted: '12 Street' })
    expect(parseClaimText('name', 'true')).toBe('true')
  })
})
