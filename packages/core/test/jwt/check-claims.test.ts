import { describe, expect, it } from 'vitest'
import { type ClaimRules, checkClaims, type JwtErrorCode } from '../../src/jwt/index.ts'
import { codeOf, NOW } from './forge.ts'

const issuer = 'https://id.example'
const audience = 'https://api.example'
const claims = { iss: issuer, aud: audience, exp: NOW + 60, nbf: NOW - 60, iat: NOW - 60 }
const rules: ClaimRules = { issuer, audience, now: NOW }
const codeFor = (change: object, ruleChange: Partial<ClaimRules> = {}): JwtErrorCode | null =>
  codeOf(() => checkClaims({ ...claims, ...change }, { ...rules, ...ruleChange }))

describe('claims, RFC 7519 §4.1', () => {
  it.each<[string, object, JwtErrorCode]>([
    ['no iss', { iss: undefined }, 'claim_missing'],
    ['a list as iss', { iss: [issuer] }, 'claim_malformed'],
    ['another iss', { iss: 'https://evil.example' }, 'issuer_wrong'],
    ['an iss with a slash more', { iss: `${issuer}/` }, 'issuer_wrong'],
    ['an iss in other letters', { iss: 'https://ID.example' }, 'issuer_wrong'],
    ['no aud', { aud: undefined }, 'claim_missing'],
    ['a number as aud', { aud: 1 }, 'claim_malformed'],
    ['a list with a number as aud', { aud: [audience, 1] }, 'claim_malformed'],
    ['an object as aud', { aud: { 0: audience } }, 'claim_malformed'],
    ['another aud', { aud: 'https://other.example' }, 'audience_wrong'],
    ['no audience at all', { aud: [] }, 'audience_wrong'],
    ['an aud that only starts alike', { aud: `${audience}/x` }, 'audience_wrong'],
    ['no exp', { exp: undefined }, 'claim_missing'],
    ['an exp that is a text', { exp: '1' }, 'claim_malformed'],
    ['an exp that is NaN', { exp: Number.NaN }, 'claim_malformed'],
    ['an exp that is endless', { exp: Number.POSITIVE_INFINITY }, 'claim_malformed'],
    ['an exp in the past', { exp: NOW - 1 }, 'expired'],
    ['an exp right now, §4.1.4', { exp: NOW }, 'expired'],
    ['an nbf in the future, §4.1.5', { nbf: NOW + 1 }, 'not_yet_valid'],
    ['an iat an hour ahead, §4.1.6', { iat: NOW + 3600 }, 'issued_in_future'],
  ])('refuses %s', (_name, change, code) => {
    expect(codeFor(change)).toBe(code)
  })

  it.each<[string, object, Partial<ClaimRules>]>([
    ['the claims as they are', {}, {}],
    ['a list that holds the audience, §4.1.3', { aud: ['https://other.example', audience] }, {}],
    ['one of several audiences that are ours', {}, { audience: ['https://other.example', audience] }],
    ['the last second', { exp: NOW + 1 }, {}],
    ['the first second', { nbf: NOW }, {}],
    ['no nbf and no iat', { nbf: undefined, iat: undefined }, {}],
    ['no exp where none is required', { exp: undefined }, { requireExp: false }],
    ['an expired one where that is allowed', { exp: NOW - 9999 }, { allowExpired: true }],
    ['an iat of a clock half a minute ahead', { iat: NOW + 30 }, {}],
    ['an exp within the tolerance', { exp: NOW - 4 }, { clockTolerance: 5 }],
    ['an nbf within the tolerance', { nbf: NOW + 5 }, { clockTolerance: 5 }],
  ])('accepts %s', (_name, change, ruleChange) => {
    expect(codeFor(change, ruleChange)).toBeNull()
  })

  it('ends the tolerance to the second', () => {
    expect(codeFor({ exp: NOW - 5 }, { clockTolerance: 5 })).toBe('expired')
    expect(codeFor({ nbf: NOW + 6 }, { clockTolerance: 5 })).toBe('not_yet_valid')
  })

  it('looks at issuer and audience only where they are asked for', () => {
    expect(codeOf(() => checkClaims({ exp: NOW + 1 }, { now: NOW }))).toBeNull()
    expect(codeFor({ aud: '' }, { audience: [] })).toBe('audience_wrong')
  })
})
