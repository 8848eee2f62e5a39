import { describe, expect, it } from 'vitest'
import { fieldError, problemSummary, problemWords, wait } from '../../../src/pages/parts/problem.ts'

describe('wait', () => {
  it.each([
    [0, '1 second'],
    [1, '1 second'],
    [59.2, '60 seconds'],
    [60, '1 minute'],
    [61, '2 minutes'],
    [600, '10 minutes'],
  ])('says %d seconds as %s, never too short', (seconds, words) => {
    expect(wait(seconds)).toBe(words)
  })
})

describe('problemWords', () => {
  it('has the same words for a refusal whether throttled or not', () => {
    const refused = problemWords({ kind: 'refused', waitSeconds: null })
    expect(problemWords({ kind: 'refused', waitSeconds: 300 })).toEqual(refused)
  })
})

describe('problemSummary', () => {
  it('is announced, and absent without a problem', () => {
    expect(String(problemSummary({ kind: 'stale' }))).toContain('role="alert"')
    expect(problemSummary(null)).toBe('')
  })
})

describe('fieldError', () => {
  it('speaks beside the field that is missing only', () => {
    const problem = { kind: 'missing', fields: ['password'] } as const
    expect(fieldError(problem, 'password')).toBe('Enter your password.')
    expect(fieldError(problem, 'email')).toBeNull()
    expect(fieldError({ kind: 'stale' }, 'password')).toBeNull()
  })
})
