import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/parse.ts'
import {
  accessTokenExpiresAt,
  accessTokenLifetime,
  familyExpiresAt,
  refreshTokenExpiresAt,
  sessionIdleExpiresAt,
} from '../../src/policy/lifetimes.ts'

const config = parseConfig({ issuer: 'https://id.example' })
const now = 1_000_000
const minute = 60
const hour = 3_600
const day = 24 * hour

describe('lifetimes', () => {
  it('of access tokens are the resource’s, else ten minutes', () => {
    const resource = { accessTokenLifetime: hour }
    const full = { uri: '', name: null, scopes: [], claims: [], signingAlg: null, createdAt: 1 }
    expect(accessTokenLifetime({ ...full, ...resource }, config)).toBe(hour)
    expect(accessTokenLifetime({ ...full, accessTokenLifetime: null }, config)).toBe(10 * minute)
    expect(accessTokenLifetime(null, config)).toBe(10 * minute)
  })

  it.each([
    ['with offline_access: a year', { refreshes: true, offline: true }, now + 365 * day],
    ['without: when the session ends', { refreshes: true, offline: false }, now + 14 * day],
    ['with nothing to refresh: its access token', { refreshes: false, offline: false }, now + 10 * minute],
  ])('of families, %s', (_rule, term, expected) => {
    const whole = { ...term, sessionExpiresAt: now + 14 * day, accessTokenLifetime: 10 * minute }
    expect(familyExpiresAt(whole, config, now)).toBe(expected)
  })

  it('of a family with nothing to refresh end with the session', () => {
    const term = { refreshes: false, offline: false, sessionExpiresAt: now + 5, accessTokenLifetime: 600 }
    expect(familyExpiresAt(term, config, now)).toBe(now + 5)
  })

  it('of what a family has never pass its end', () => {
    expect(accessTokenExpiresAt(600, now + 900, now)).toBe(now + 600)
    expect(accessTokenExpiresAt(600, now + 5, now)).toBe(now + 5)
    expect(refreshTokenExpiresAt(now + 365 * day, config, now)).toBe(now + 30 * day)
    expect(refreshTokenExpiresAt(now + day, config, now)).toBe(now + day)
  })

  it('of an idle session are twelve hours from its use, within its fourteen days', () => {
    expect(sessionIdleExpiresAt(now + day, config, now)).toBe(now + 12 * hour)
    expect(sessionIdleExpiresAt(now + hour, config, now)).toBe(now + hour)
  })
})
