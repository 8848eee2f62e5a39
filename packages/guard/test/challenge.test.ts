import { JwtError } from '@doorward/core/jwt'
import { describe, expect, it } from 'vitest'
import { respondRefusal } from '../src/challenge.ts'
import {
  IssuerError,
  insufficientScope,
  invalidRequest,
  invalidToken,
  tokenMissing,
  unavailable,
} from '../src/refusal.ts'

const challengeOf = (...args: Parameters<typeof respondRefusal>) =>
  respondRefusal(...args).headers['www-authenticate']

describe('answers, RFC 6750 §3', () => {
  it('no token: 401, a bare challenge and no error code, §3.1', () => {
    expect(respondRefusal(tokenMissing, null)).toMatchObject({ status: 401 })
    expect(challengeOf(tokenMissing, null)).toBe('Bearer')
    expect(challengeOf(tokenMissing, 'Orders')).toBe('Bearer realm="Orders"')
    expect(JSON.parse(respondRefusal(tokenMissing, null).body)).toEqual({
      reason: 'token_missing',
      message: expect.stringContaining('Authorization header'),
    })
  })

  it('a bad token: 401 invalid_token', () => {
    const answer = respondRefusal(invalidToken(new JwtError('expired')), null)
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toMatch(
      /^Bearer error="invalid_token", error_description="The token has expired/,
    )
    expect(JSON.parse(answer.body)).toMatchObject({
      error: 'invalid_token',
      reason: 'token_expired',
      error_description: expect.any(String),
      message: expect.any(String),
    })
  })

  it('too little: 403 insufficient_scope with the scopes of the route', () => {
    const refusal = insufficientScope('scope_missing', 'The token lacks the scope b.', 'a b')
    expect(respondRefusal(refusal, null).status).toBe(403)
    expect(challengeOf(refusal, 'r')).toBe(
      'Bearer realm="r", error="insufficient_scope", error_description="The token lacks the scope b.", scope="a b"',
    )
  })

  it('a malformed request: 400 invalid_request', () => {
    const refusal = invalidRequest('token_in_query')
    expect(respondRefusal(refusal, null).status).toBe(400)
    expect(challengeOf(refusal, null)).toMatch(/^Bearer error="invalid_request"/)
  })

  it('no keys: 503 with Retry-After and no challenge, and no address in the body', () => {
    const cause = new IssuerError('issuer_unreachable', 'https://id.internal/jwks cannot be reached')
    const answer = respondRefusal(unavailable(cause, 7), null)
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '7' } })
    expect(answer.headers).not.toHaveProperty('www-authenticate')
    expect(JSON.parse(answer.body)).toMatchObject({
      error: 'temporarily_unavailable',
      reason: 'issuer_unreachable',
    })
    expect(answer.body).not.toContain('internal')
  })

  it('cannot be broken out of by the name of a role', () => {
    const refusal = insufficientScope(
      'role_missing',
      'The token lacks the role a"b\r\nSet-Cookie: x=1.',
      null,
    )
    expect(challengeOf(refusal, null)).not.toMatch(/[\r\n]/)
    expect(challengeOf(refusal, null)).toContain('a\\"b')
  })

  it('are never stored by caches', () => {
    expect(respondRefusal(tokenMissing, null).headers['cache-control']).toBe('no-store')
  })
})
