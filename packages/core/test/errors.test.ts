import { describe, expect, it } from 'vitest'
import { OAUTH_ERRORS, OAuthError } from '../src/errors.ts'
import { REASONS } from '../src/reasons.ts'

describe('OAUTH_ERRORS', () => {
  it.each(Object.entries(OAUTH_ERRORS))(
    '%s has a status of 4xx or 5xx and a section',
    (_, { status, rfc }) => {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(600)
      expect(rfc).toMatch(/§[0-9]/)
    },
  )
})

describe('OAuthError', () => {
  it('takes its status from the table, RFC 6749 §5.2', () => {
    expect(new OAuthError('invalid_client', 'No.', { reason: 'internal' }).status).toBe(401)
  })

  it('lets a status of HTTP itself stand in', () => {
    const error = new OAuthError('invalid_request', 'No.', {
      reason: 'body_too_large',
      status: 413,
      retryAfter: 5,
    })
    expect(error.status).toBe(413)
    expect(error.retryAfter).toBe(5)
  })

  it('keeps its cause for the log only', () => {
    const cause = new Error('inner')
    const error = new OAuthError('server_error', 'Something failed.', { reason: 'internal', cause })
    expect(error.cause).toBe(cause)
    expect(error.message).toBe('server_error: Something failed.')
  })
})

describe('REASONS', () => {
  it.each(Object.entries(REASONS))(
    '%s says what it means and what to do, in two sentences or more',
    (code, text) => {
      expect(code).toMatch(/^[a-z][a-z0-9_]*$/)
      expect(text.endsWith('.')).toBe(true)
      expect(text.split(/[.:] /).length).toBeGreaterThan(1)
    },
  )
})
