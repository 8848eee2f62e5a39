import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy } from '../../src/http/security-headers.ts'

const formAction = (targets: readonly string[]): string =>
  /form-action (.*)$/.exec(contentSecurityPolicy(targets))?.[1] ?? ''

describe('the Content-Security-Policy', () => {
  it('allows own files alone: nothing inline, no frames, no base', () => {
    expect(contentSecurityPolicy()).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    )
  })

  it.each([
    [['https://app.example/callback?x=1'], "'self' https://app.example"],
    [['http://127.0.0.1:51004/cb'], "'self' http://127.0.0.1:51004"],
    [['com.example.app:/callback'], "'self' com.example.app:"],
    [['http://[::1]:51004/cb'], "'self' http://*:51004"],
    [['http://[::1]/cb'], "'self' http://*:80"],
    [['https://a.example/1', 'https://a.example/2'], "'self' https://a.example"],
  ])('lets forms lead to %j, by its origin or scheme', (targets, expected) => {
    expect(formAction(targets)).toBe(expected)
  })
})
