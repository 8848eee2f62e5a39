import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { claimPermission, connectionPermission, scopePermission } from '../../../src/pages/parts/scopes.ts'

describe('scopePermission', () => {
  it.each([
    ['openid', 'Recognise you when you come back', false],
    ['email', 'See your email address', false],
    ['phone', 'See your phone number', true],
    ['offline_access', 'Keep this access while you are away', true],
  ])(
    'says %s in a person’s words, without the scope (OpenID Connect Core §5.4, §11)',
    (scope, text, sensitive) => {
      expect(scopePermission(scope, null)).toEqual({ text, sensitive, scope: null })
    },
  )

  it.each([
    ['orders:read', 'See your orders', false],
    ['read:orders', 'See your orders', false],
    ['orders.write', 'Create and change your orders', true],
    ['delivery_notes:delete', 'Delete your delivery notes', true],
    ['admin', 'Do anything with what is yours there', true],
  ])('guesses %s by its verb, shows the scope, and marks what changes things', (scope, text, sensitive) => {
    expect(scopePermission(scope, 'https://api.example.com')).toEqual({ text, sensitive, scope })
  })

  it('names the provider whose account could be used, and marks it', () => {
    expect(connectionPermission('Google')).toEqual({
      text: 'Use your Google account in your name, within what you allowed there',
      sensitive: true,
      scope: null,
    })
  })

  it('does not lend the words of OpenID Connect to an API’s scope of the same name', () => {
    expect(scopePermission('email', 'https://api.example.com').scope).toBe('email')
  })

  it('calls nothing harmless that it does not know, whatever its name', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('x-ray', 'constructor', '__proto__', 'toString:valueOf', 'a:b:read', ':', ''),
        (scope) => {
          expect(scopePermission(scope, 'https://api.example.com')).toMatchObject({ sensitive: true, scope })
        },
      ),
    )
  })
})

describe('claimPermission', () => {
  it('says a standard claim in words and marks the private ones (OpenID Connect Core §5.1)', () => {
    expect(claimPermission('locale')).toEqual({ text: 'See your language', sensitive: false, scope: null })
    expect(claimPermission('birthdate').sensitive).toBe(true)
  })

  it.each(['tier', 'constructor'])('names the unknown claim %s and marks it', (claim) => {
    expect(claimPermission(claim)).toMatchObject({ sensitive: true, scope: claim })
  })
})
