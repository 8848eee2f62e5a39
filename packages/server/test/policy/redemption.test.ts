import { sha256, tokenHash } from '@doorward/core/crypto'
import type { AuthorizationCodeRequest } from '@doorward/core/messages'
import { describe, expect, it } from 'vitest'
import { decideRedemption } from '../../src/policy/redemption.ts'
import type { AuthorizationCode } from '../../src/storage/records.ts'

const now = 1_000_000
const verifier = 'v'.repeat(43)
const redirectUri = 'https://app.example/cb'

const code: AuthorizationCode = {
  hash: tokenHash('h'),
  grant: {
    clientId: 'c',
    userId: 'u_1',
    sid: 's',
    authTime: now,
    acr: 'aal1',
    amr: ['pwd'],
    scopes: ['openid'],
    resources: ['https://id.example'],
    claims: { userinfo: [], idToken: [] },
    offline: false,
  },
  redirectUri,
  codeChallenge: sha256(verifier),
  nonce: null,
  createdAt: now - 10,
  expiresAt: now + 50,
  consumedAt: null,
  familyId: null,
}
const request: AuthorizationCodeRequest = {
  grantType: 'authorization_code',
  code: 'x',
  redirectUri,
  codeVerifier: verifier,
  resource: null,
}
const used = { ...code, consumedAt: now - 5, familyId: 'f' }

describe('a presented code, RFC 6749 §4.1.3', () => {
  it.each([
    ['is redeemed', code, request, 'redeem'],
    [
      'may come without redirect_uri where PKCE ties it, OAuth 2.1 §10.2',
      code,
      { ...request, redirectUri: null },
      'redeem',
    ],
    [
      'needs no redirect_uri where the authorization request had none',
      { ...code, redirectUri: null },
      { ...request, redirectUri: null },
      'redeem',
    ],
    ['is a replay the second time', used, request, 'replayed'],
    ['is a replay even after its end', { ...used, expiresAt: now - 1 }, request, 'replayed'],
  ] as const)('%s', (_rule, record, asked, verdict) => {
    expect(decideRedemption(record, asked, 'c', now)).toBe(verdict)
  })

  const refusals = [
    ['another client', {}, {}, 'other', 'code_of_other_client'],
    ['a wrong verifier', {}, { codeVerifier: 'w'.repeat(43) }, 'c', 'pkce_mismatch'],
    ['no verifier', {}, { codeVerifier: null }, 'c', 'pkce_verifier_missing'],
    ['a verifier without a challenge, RFC 9700 §2.1.1', { codeChallenge: null }, {}, 'c', 'pkce_unexpected'],
    ['another redirect_uri', {}, { redirectUri: 'https://app.example/CB' }, 'c', 'redirect_uri_changed'],
    ['a redirect_uri that was never sent', { redirectUri: null }, {}, 'c', 'redirect_uri_changed'],
    [
      'no redirect_uri and no PKCE',
      { codeChallenge: null },
      { redirectUri: null, codeVerifier: null },
      'c',
      'redirect_uri_changed',
    ],
  ] as const

  it.each(refusals)('is refused with %s', (_case, record, asked, clientId, reason) => {
    const decide = () => decideRedemption({ ...code, ...record }, { ...request, ...asked }, clientId, now)
    expect(decide).toThrow(expect.objectContaining({ code: 'invalid_grant', reason }))
  })

  it.each(refusals)(
    'used before and shown with %s is refused, and revokes nothing',
    (_case, record, asked, clientId) => {
      const decide = () => decideRedemption({ ...used, ...record }, { ...request, ...asked }, clientId, now)
      expect(decide).toThrow(expect.objectContaining({ code: 'invalid_grant' }))
    },
  )

  it('is refused at its end', () => {
    expect(() => decideRedemption({ ...code, expiresAt: now }, request, 'c', now)).toThrow(
      expect.objectContaining({ reason: 'code_expired' }),
    )
  })
})
