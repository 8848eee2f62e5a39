import { tokenHash } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import { decideRotation, isLiveRefreshToken, narrowerScopes } from '../../src/policy/rotation.ts'
import type { PresentedRefreshToken, Session } from '../../src/storage/records.ts'

const now = 1_000_000
const authentication = { authTime: now - 100, acr: 'aal1', amr: ['pwd'] }

const session: Session = {
  sid: 's',
  userId: 'u_1',
  ...authentication,
  createdAt: now - 100,
  lastSeenAt: now - 100,
  idleExpiresAt: now + 100,
  expiresAt: now + 1000,
}

const presented: PresentedRefreshToken = {
  token: {
    hash: tokenHash('h'),
    familyId: 'f',
    createdAt: now - 10,
    expiresAt: now + 10,
    rotatedAt: null,
    successor: null,
  },
  family: {
    id: 'f',
    grant: {
      ...authentication,
      clientId: 'c',
      userId: 'u_1',
      sid: 's',
      scopes: ['openid'],
      resources: ['https://id.example'],
      claims: { userinfo: [], idToken: [] },
      offline: false,
    },
    createdAt: now - 10,
    expiresAt: now + 1000,
    revokedAt: null,
  },
  user: {
    id: 'u_1',
    email: 'a@example.com',
    emailVerified: true,
    passwordHash: null,
    claims: {},
    disabledAt: null,
    createdAt: 1,
    updatedAt: 1,
  },
  session,
}

const rotated = (at: number): PresentedRefreshToken => ({
  ...presented,
  token: { ...presented.token, rotatedAt: at, successor: { sealed: 'x', scopes: ['openid'] } },
})
const family = (change: Partial<PresentedRefreshToken['family']>): PresentedRefreshToken => ({
  ...presented,
  family: { ...presented.family, ...change },
})
const decide = (record: PresentedRefreshToken, graceSeconds = 30, clientId = 'c') =>
  decideRotation(record, clientId, { graceSeconds, now })

describe('a presented refresh token, RFC 9700 §4.14.2', () => {
  it.each([
    ['is rotated the first time', presented, 30, 'rotate'],
    ['gets its successor within the grace', rotated(now - 30), 30, 'successor'],
    ['is reused after it', rotated(now - 31), 30, 'reused'],
    ['is reused at once where the grace is off', rotated(now), 0, 'reused'],
    [
      'gets its successor even where its own idle end has passed',
      { ...rotated(now), token: { ...rotated(now).token, expiresAt: now - 1 } },
      30,
      'successor',
    ],
    [
      'is rotated without its session where it is offline',
      { ...family({ grant: { ...presented.family.grant, offline: true } }), session: null },
      30,
      'rotate',
    ],
  ] as const)('%s', (_rule, record, grace, verdict) => {
    expect(decide(record, grace)).toBe(verdict)
  })

  const dead = [
    ['of a revoked family', family({ revokedAt: now - 1 }), 'refresh_token_revoked'],
    ['of a family at its end', family({ expiresAt: now }), 'refresh_token_expired'],
    [
      'at its own end',
      { ...presented, token: { ...presented.token, expiresAt: now } },
      'refresh_token_expired',
    ],
    ['of a disabled user', { ...presented, user: { ...presented.user, disabledAt: 1 } }, 'user_disabled'],
    ['of a session that has ended', { ...presented, session: null }, 'session_ended'],
  ] as const

  it.each(dead)('%s is invalid_grant, not a reuse', (_case, record, reason) => {
    expect(() => decide(record)).toThrow(expect.objectContaining({ code: 'invalid_grant', reason }))
    expect(isLiveRefreshToken(record, now)).toBe(false)
  })

  it.each([
    ['of a revoked family', { ...rotated(now), family: { ...presented.family, revokedAt: now } }],
    ['of a session that has ended', { ...rotated(now), session: null }],
    ['of a disabled user', { ...rotated(now), user: { ...presented.user, disabledAt: now } }],
  ])('%s gets no successor, grace or not', (_case, record) => {
    expect(() => decide(record)).toThrow(expect.objectContaining({ code: 'invalid_grant' }))
  })

  it.each([presented, rotated(now), rotated(now - 31)])(
    'of another client is refused, and nothing of the family is touched',
    (record) => {
      expect(() => decide(record, 30, 'other')).toThrow(
        expect.objectContaining({ reason: 'refresh_token_of_other_client' }),
      )
    },
  )

  it('is live until it is rotated', () => {
    expect(isLiveRefreshToken(presented, now)).toBe(true)
    expect(isLiveRefreshToken(rotated(now), now)).toBe(false)
  })
})

describe('the scopes of a repetition', () => {
  it.each([
    [['a', 'b'], ['b', 'c'], ['b']],
    [['a'], ['a', 'b'], ['a']],
    [[], ['a'], []],
    [['a'], [], []],
  ])('asked %j, rotated for %j: %j', (asked, before, expected) => {
    expect(narrowerScopes(asked, before)).toEqual(expected)
  })

  it('are invalid_scope where both have some and share none', () => {
    expect(() => narrowerScopes(['a'], ['b'])).toThrow(expect.objectContaining({ code: 'invalid_scope' }))
  })
})
