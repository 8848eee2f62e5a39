import { describe, expect, it } from 'vitest'
import {
  checkAuthorizationAnswer,
  parseAuthorizationAnswer,
} from '../../src/exchange/authorization-answer.ts'
import { rememberKeys } from '../../src/exchange/keys.ts'
import type { ProviderDeps } from '../../src/exchange/provider-deps.ts'
import { oidc } from '../../src/providers/index.ts'

const parse = (query: string) => parseAuthorizationAnswer(new URLSearchParams(query), 'oidc')
const nowhere = () => Promise.reject(new Error('nothing is asked'))

const depsFor = (issuer: string, namesIssuer = false): ProviderDeps => ({
  provider: oidc({ issuer: 'https://id.example.com', clientId: 'a', clientSecret: 'b' }),
  fetch: nowhere,
  keys: rememberKeys(nowhere),
  metadata: async () => ({
    issuer,
    namesIssuer,
    authorization: 'https://id.example.com/authorize',
    token: 'https://id.example.com/token',
    userinfo: null,
    jwks: null,
    revocation: null,
    endSession: null,
  }),
  redirectUri: 'https://app.example.com/login/oidc/callback',
  clock: () => 0,
  clockTolerance: 0,
})
const check = (query: string, issuer = 'https://id.example.com', namesIssuer = false) =>
  checkAuthorizationAnswer(parse(query), depsFor(issuer, namesIssuer))

describe('the authorization answer', () => {
  it('gives its code, RFC 6749 §4.1.2', async () => {
    expect(await check('state=s&code=c')).toBe('c')
    expect(await check('state=s&code=c&iss=https://id.example.com', undefined, true)).toBe('c')
  })

  it.each([
    ['', 'callback_malformed'],
    ['code=c', 'state_missing'],
    ['state=&code=c', 'state_missing'],
    ['error=access_denied', 'state_missing'],
    ['state=s&state=t&code=c', 'callback_malformed'],
    ['state=s&code=c&code=d', 'callback_malformed'],
    ['state=s&code=c&iss=a&iss=b', 'callback_malformed'],
  ])('refuses %j as %s before anything else', (query, code) => {
    expect(() => parse(query)).toThrow(expect.objectContaining({ code }))
  })

  it.each([
    ['state=s', 'callback_malformed'],
    [`state=s&code=${'c'.repeat(8193)}`, 'callback_malformed'],
    ['state=s&code=c&iss=https://id.example.com/', 'authorization_issuer_mismatch'],
    ['state=s&error=access_denied&iss=https://evil.example', 'authorization_issuer_mismatch'],
    ['state=s&error=access_denied', 'access_denied'],
    ['state=s&error=access_denied&code=c', 'access_denied'],
    ['state=s&error=redirect_uri_mismatch', 'redirect_uri_mismatch'],
    ['state=s&error=unauthorized_client', 'client_rejected'],
    ['state=s&error=temporarily_unavailable', 'provider_failed'],
    ['state=s&error=invalid_scope', 'provider_error'],
    ['state=s&error=toString', 'provider_error'],
  ])('refuses %j as %s', async (query, code) => {
    await expect(check(query)).rejects.toMatchObject({ code, provider: 'oidc' })
  })

  it('must name the issuer where the provider says that it always does, RFC 9207 §2.4', async () => {
    await expect(check('state=s&code=c', undefined, true)).rejects.toMatchObject({
      code: 'authorization_issuer_missing',
    })
  })

  it("hands on the provider's own words, bounded", async () => {
    const words = `state=s&error=invalid_scope&error_description=${'x'.repeat(600)}`
    await expect(check(words)).rejects.toMatchObject({ detail: `invalid_scope: ${'x'.repeat(500)}` })
  })

  it.each([
    ['https://login.example.com/72f988bf-86f1/v2.0', true],
    ['https://login.example.com//v2.0', false],
    ['https://login.example.com/a/b/v2.0', false],
    ['https://evil.example/72f988bf-86f1/v2.0', false],
    ['https://login.example.com/72f988bf-86f1/v2.0/', false],
  ])('takes of a template any tenant and nothing else: %s', async (issuer, good) => {
    const result = check(`state=s&code=c&iss=${issuer}`, 'https://login.example.com/{tenantid}/v2.0')
    if (good) expect(await result).toBe('c')
    else await expect(result).rejects.toMatchObject({ code: 'authorization_issuer_mismatch' })
  })
})
