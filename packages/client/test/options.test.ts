import { describe, expect, it } from 'vitest'
import { oidc } from '../src/index.ts'
import { type ClientOptions, isAppPath, parseOptions } from '../src/options.ts'

const provider = oidc({ issuer: 'https://id.example.com', clientId: 'a', clientSecret: 'b' })
const other = { ...provider, id: 'other' }
const good: ClientOptions = {
  baseUrl: 'https://app.example.com',
  secret: 'x'.repeat(32),
  providers: [provider],
}
/** As someone may write it who has no types. */
const parse = (changes: Record<string, unknown>) => parseOptions({ ...good, ...changes } as ClientOptions)

describe('the options', () => {
  it('have defaults', () => {
    expect(parseOptions(good)).toMatchObject({
      afterSignIn: '/',
      afterSignOut: '/',
      signOutAtProvider: true,
      store: null,
      loopback: false,
      sessionIdleSeconds: 43_200,
      sessionSeconds: 1_209_600,
      clockToleranceSeconds: 30,
      timeoutSeconds: 10,
      allowPrivateHosts: [],
      paths: { login: '/login/:provider', callback: '/login/:provider/callback', logout: '/logout' },
    })
  })

  it('take the base URL without its last slash, and know loopback', () => {
    expect(parse({ baseUrl: 'https://example.com/app/' }).baseUrl).toBe('https://example.com/app')
    expect(parse({ baseUrl: 'http://localhost:3000/' })).toMatchObject({
      baseUrl: 'http://localhost:3000',
      loopback: true,
    })
  })

  it.each<[string, Record<string, unknown>]>([
    ['baseUrl', { baseUrl: 'app.example.com' }],
    ['baseUrl', { baseUrl: 'http://app.example.com' }],
    ['baseUrl', { baseUrl: 'https://app.example.com/?a' }],
    ['baseUrl', { baseUrl: 'javascript:alert(1)' }],
    ['secret', { secret: undefined }],
    ['secret', { secret: 'short' }],
    ['secret', { secret: [] }],
    ['secret', { secret: ['x'.repeat(32), 'short'] }],
    ['providers', { providers: [] }],
    ['providers', { providers: [provider, provider] }],
    ['providers', { providers: [{ ...provider, id: 'A/B' }] }],
    ['providers', { providers: [{ ...provider, clientId: '' }] }],
    ['providers', { providers: [{ ...provider, clientSecret: undefined }] }],
    ['providers', { providers: [{ ...provider, issuer: undefined }] }],
    ['providers', { providers: [{ ...provider, issuer: 'id.example.com' }] }],
    ['afterSignIn', { afterSignIn: 'https://elsewhere.example' }],
    ['afterSignOut', { afterSignOut: '//elsewhere.example' }],
    ['paths', { paths: { login: 'login' } }],
    ['paths', { paths: { signin: '/login' } }],
    ['paths', { providers: [provider, other], paths: { callback: '/login/authorized' } }],
    ['allowPrivateHosts', { allowPrivateHosts: ['10.0.0.5'] }],
    ['allowPrivateHosts', { allowPrivateHosts: '10.0.0.5:80' }],
    ['sessionSeconds', { sessionSeconds: -1 }],
    ['sessionIdleSeconds', { sessionIdleSeconds: 1.5 }],
    ['clockToleranceSeconds', { clockToleranceSeconds: 301 }],
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['timeoutSeconds', { timeoutSeconds: 61 }],
    ['onSignIn', { onSignIn: 'no' }],
    ['baseURL', { baseURL: 'https://app.example.com' }],
  ])('name the one that is wrong, and the fix: %s %j', (option, changes) => {
    expect(() => parse(changes)).toThrow(expect.objectContaining({ name: 'OptionError', option }))
  })
})

describe('isAppPath', () => {
  it.each(['/', '/a', '/a/b?c=d#e', '/ä', '/a//b'])('takes %s', (path) => {
    expect(isAppPath(path)).toBe(true)
  })

  it.each([
    '',
    'a',
    '//a',
    '/.//a',
    '/b/..//a',
    '/%2e//a',
    '/\\a',
    '/a\\b',
    '/\t/a',
    '/a\nb',
    '/\u0000',
    'https://a',
    ' /a',
  ])('refuses %j', (path) => {
    expect(isAppPath(path)).toBe(false)
  })
})
