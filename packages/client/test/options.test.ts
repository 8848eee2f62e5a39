import { describe, expect, it } from 'vitest'
import { apple, auth0, microsoft, oauth2, oidc } from '../src/index.ts'
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

/** A store whose verbs are all there, and do nothing. */
const verbs = (names: string) => Object.fromEntries(names.split(' ').map((name) => [name, () => null]))
const store = {
  sessions: verbs('insert find touch delete deleteForSubject endUpstream'),
  vault: verbs('find put lease replace release delete findByKey countByKey reseal'),
  replays: verbs('insertOnce'),
  ...verbs('sweep close'),
}
const endpoints = { authorization: 'https://acme.example/a', token: 'https://acme.example/t' }
const plain = { ...provider, protocol: 'oauth2', issuer: undefined, endpoints }

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

  it('lead back to the base URL itself, whatever its path', () => {
    expect(parse({ baseUrl: 'https://example.com/app' })).toMatchObject({
      afterSignIn: '/app/',
      afterSignOut: '/app/',
    })
  })

  it('take a store with every verb, a provider without discovery, and all paths without the id for one provider', () => {
    expect(parse({ store, sessionIdleSeconds: 90 })).toMatchObject({ store, sessionIdleSeconds: 90 })
    expect(() => parse({ providers: [plain] })).not.toThrow()
    expect(() => parse({ paths: { login: '/login', callback: '/login/authorized' } })).not.toThrow()
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
    ['providers', { providers: [undefined] }],
    ['providers', { providers: ['google'] }],
    ['providers', { providers: [{ ...provider, issuer: 'localhost:4000' }] }],
    ['providers', { providers: [{ ...provider, clientSecret: 5 }] }],
    ['providers', { providers: [{ ...provider, clientAuth: 'jwt' }] }],
    ['providers', { providers: [{ ...provider, protocol: 'saml' }] }],
    ['providers', { providers: [{ ...provider, scope: ['openid'] }] }],
    ['providers', { providers: [{ ...provider, pkce: 'no' }] }],
    ['providers', { providers: [{ ...provider, profile: undefined }] }],
    ['providers', { providers: [{ ...provider, quirks: { formpost: true } }] }],
    ['providers', { providers: [{ ...provider, authorizationParameters: { max_age: 5 } }] }],
    ['providers', { providers: [{ ...provider, extra: { url: '/emails' } }] }],
    ['providers', { providers: [{ ...provider, endpoints: { ...endpoints, jwks: 'keys' } }] }],
    ['providers', { providers: [{ ...plain, endpoints: undefined }] }],
    ['providers', { providers: [{ ...plain, endpoints: { token: 'https://acme.example/t' } }] }],
    ['providers', { providers: [{ ...plain, endpoints: { ...endpoints, token: 'acme.example/t' } }] }],
    [
      'providers',
      { providers: [{ ...plain, endpoints: { ...endpoints, userInfo: 'https://acme.example' } }] },
    ],
    ['store', { store: {} }],
    ['store', { store: { ...store, replays: {} } }],
    ['store', { store: Promise.resolve(store) }],
    ['store', { store: null }],
    ['afterSignIn', { afterSignIn: 'https://elsewhere.example' }],
    ['afterSignOut', { afterSignOut: '//elsewhere.example' }],
    ['paths', { paths: { login: 'login' } }],
    ['paths', { paths: { signin: '/login' } }],
    ['paths', { providers: [provider, other], paths: { callback: '/login/authorized' } }],
    ['paths', { paths: { login: '/login', callback: '/login' } }],
    ['paths', { paths: { logout: '/logout/:provider' } }],
    ['paths', { paths: { login: '/:provider/:provider' } }],
    ['paths', { paths: null }],
    ['allowPrivateHosts', { allowPrivateHosts: ['10.0.0.5'] }],
    ['allowPrivateHosts', { allowPrivateHosts: '10.0.0.5:80' }],
    ['sessionSeconds', { sessionSeconds: -1 }],
    ['sessionSeconds', { sessionSeconds: 0 }],
    ['sessionIdleSeconds', { store, sessionIdleSeconds: 1.5 }],
    ['sessionIdleSeconds', { store, sessionIdleSeconds: 0 }],
    ['sessionIdleSeconds', { sessionIdleSeconds: 90 }],
    ['signOutAtProvider', { signOutAtProvider: 'no' }],
    ['revokeAtSignOut', { revokeAtSignOut: 0 }],
    ['clock', { clock: 5 }],
    ['clockToleranceSeconds', { clockToleranceSeconds: 301 }],
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['timeoutSeconds', { timeoutSeconds: 61 }],
    ['onSignIn', { onSignIn: 'no' }],
    ['baseURL', { baseURL: 'https://app.example.com' }],
  ])('name the one that is wrong, and the fix: %s %j', (option, changes) => {
    expect(() => parse(changes)).toThrow(expect.objectContaining({ name: 'OptionError', option }))
  })
})

describe('the options of a provider', () => {
  const credentials = { clientId: 'a', clientSecret: 'b' }
  const key = { clientId: 'a', teamId: 'DEF123GHIJ', keyId: 'ABC123DEFG', privateKey: 'garbage' }

  it.each<[string, () => unknown]>([
    ['privateKey', () => apple(key)],
    ['privateKey', () => apple({ ...key, privateKey: undefined as unknown as string })],
    ['teamId', () => apple({ ...key, teamId: undefined as unknown as string })],
    ['keyId', () => apple({ ...key, keyId: 'key' })],
    ['domain', () => auth0({ ...credentials, domain: 'https://acme.eu.auth0.com' })],
    ['domain', () => auth0({ ...credentials, domain: undefined as unknown as string })],
    ['tenant', () => microsoft({ ...credentials, tenant: 'contoso.onmicrosoft.com' })],
    [
      'providers',
      () => parse({ providers: [oidc({ ...credentials, issuer: undefined as unknown as string })] }),
    ],
    ['providers', () => parse({ providers: [oidc({ ...credentials, issuer: 'id.example.com' })] })],
    [
      'providers',
      () => {
        const { profile } = provider
        const junk = { authorization: 'a', token: 'b' }
        return parse({
          providers: [oauth2({ ...credentials, id: 'a', name: 'A', scope: '', endpoints: junk, profile })],
        })
      },
    ],
  ])('name the one that is wrong, and the fix: %s', (option, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'OptionError', option }))
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
