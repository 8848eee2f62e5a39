import { describe, expect, it } from 'vitest'
import { issuerPath, issuerProblem } from '../../src/config/issuer.ts'

describe('issuerProblem, RFC 8414 §2', () => {
  it.each([
    'https://id.example.com',
    'https://id.example.com:8443/auth',
    'https://id.example.com/a/b',
    'http://localhost:4000',
    'http://127.0.0.1:4000',
    'http://[::1]:4000/auth',
  ])('takes %s', (issuer) => {
    expect(issuerProblem(issuer)).toBeNull()
  })

  it.each([
    ['http://id.example.com', /must be https/],
    ['http://localhost.example.com', /must be https/],
    ['http://128.0.0.1', /must be https/],
    ['ftp://id.example.com', /must be an https URL/],
    ['id.example.com', /absolute URL/],
    ['', /absolute URL/],
    ['https://id.example.com/', /slash: use https:\/\/id\.example\.com$/],
    ['https://id.example.com/auth/', /slash/],
    ['https://id.example.com?x=1', /query/],
    ['https://id.example.com?', /query/],
    ['https://id.example.com#x', /fragment/],
    ['https://user:pass@id.example.com', /user name/],
    ['https://ID.example.com', /canonical form: https:\/\/id\.example\.com$/],
    ['https://id.example.com:443', /canonical form/],
    ['https://id.example.com/a/../b', /canonical form: https:\/\/id\.example\.com\/b$/],
    ['https://id.example.com/a//b', /plain path/],
    ['https://id.example.com/a%20b', /plain path/],
  ])('refuses %s', (issuer, problem) => {
    expect(issuerProblem(issuer)).toMatch(problem)
  })

  it('answers the path that endpoints live under', () => {
    expect(issuerPath('https://id.example.com')).toBe('')
    expect(issuerPath('https://id.example.com/auth')).toBe('/auth')
  })
})
