import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkRedirectUriRegistration,
  isCustomSchemeUri,
  isLoopbackUri,
  matchRedirectUri,
  resolveRedirectUri,
} from '../src/redirect-uri.ts'
import { anyText } from './any-text.ts'
import { expectRefusal, expectTyped } from './refusal.ts'

describe('checkRedirectUriRegistration', () => {
  it.each([
    'https://app.example/cb',
    'https://app.example',
    'https://app.example:8443/cb?tenant=1&x=%20',
    'https://app.example:443/cb',
    'https://xn--bcher-kva.example/cb',
    'https://[2001:db8::1]/cb',
    'http://localhost/cb',
    'http://localhost:3000/cb',
    'http://127.0.0.1:3000/cb',
    'http://[::1]:3000/cb',
  ])('takes %s for both kinds of application', (uri) => {
    expect(() => checkRedirectUriRegistration(uri, 'web')).not.toThrow()
    expect(() => checkRedirectUriRegistration(uri, 'native')).not.toThrow()
  })

  it.each(['com.example.app:/cb', 'com.example.app://cb', 'com.example.app:cb?x=1'])(
    'takes the app scheme of %s for native applications only, RFC 8252 §7.1',
    (uri) => {
      expect(() => checkRedirectUriRegistration(uri, 'native')).not.toThrow()
      expectRefusal(
        () => checkRedirectUriRegistration(uri, 'web'),
        'invalid_redirect_uri',
        'redirect_uri_scheme_web',
      )
    },
  )

  it.each([
    ['https://app.example/cb#', 'redirect_uri_fragment'],
    ['https://app.example/cb#part', 'redirect_uri_fragment'],
    ['https://*.example/cb', 'redirect_uri_wildcard'],
    ['https://app.example/*', 'redirect_uri_wildcard'],
    ['https://user@app.example/cb', 'redirect_uri_userinfo'],
    ['https://user:pass@app.example/cb', 'redirect_uri_userinfo'],
    ['https://app.example@evil.example/cb', 'redirect_uri_userinfo'],
    ['com.example.app://user@cb', 'redirect_uri_userinfo'],
    ['http://app.example/cb', 'redirect_uri_http'],
    ['HTTP://app.example/cb', 'redirect_uri_http'],
    ['http://127.0.0.2/cb', 'redirect_uri_http'],
    ['http://192.168.1.1/cb', 'redirect_uri_http'],
    ['http://localhost.evil.example/cb', 'redirect_uri_http'],
    ['http://127.0.0.1.evil.example/cb', 'redirect_uri_http'],
    ['http://localhost./cb', 'redirect_uri_http'],
    ['http://[::ffff:7f00:1]/cb', 'redirect_uri_http'],
    ['javascript:alert(1)', 'redirect_uri_scheme'],
    ['data:text/html,x', 'redirect_uri_scheme'],
    ['file:///etc/passwd', 'redirect_uri_scheme'],
    ['blob:https://app.example/1', 'redirect_uri_scheme'],
    ['vbscript:x', 'redirect_uri_scheme'],
    ['about:blank', 'redirect_uri_scheme'],
    ['ftp://app.example/cb', 'redirect_uri_scheme'],
    ['ws://app.example/cb', 'redirect_uri_scheme'],
    ['myapp:/cb', 'redirect_uri_scheme'],
    ['myapp://com.example', 'redirect_uri_scheme'],
    ['', 'redirect_uri_malformed'],
    ['/cb', 'redirect_uri_malformed'],
    ['cb', 'redirect_uri_malformed'],
    ['//app.example/cb', 'redirect_uri_malformed'],
    ['?x=1', 'redirect_uri_malformed'],
    ['https:', 'redirect_uri_malformed'],
    ['https://', 'redirect_uri_malformed'],
    ['https:///cb', 'redirect_uri_malformed'],
    ['https:/app.example/cb', 'redirect_uri_malformed'],
    ['https:app.example/cb', 'redirect_uri_malformed'],
    ['https://:443/cb', 'redirect_uri_malformed'],
    ['https://app.example:/cb', 'redirect_uri_malformed'],
    ['https://app.example:99999/cb', 'redirect_uri_malformed'],
    ['https://app.example\\cb', 'redirect_uri_malformed'],
    ['https://app.example\\@evil.example/cb', 'redirect_uri_malformed'],
    ['https://app.example/cb\r\nX: y', 'redirect_uri_malformed'],
    ['https://app.example/\u0000', 'redirect_uri_malformed'],
    ['https://app.example/\t', 'redirect_uri_malformed'],
    [' https://app.example/cb', 'redirect_uri_malformed'],
    ['https://app.example/cb ', 'redirect_uri_malformed'],
    ['https://app.example/c\u00e9', 'redirect_uri_malformed'],
    ['https://b\u00fccher.example/cb', 'redirect_uri_malformed'],
    ['https://app.example/"onload', 'redirect_uri_malformed'],
    ['https://app.example/<script>', 'redirect_uri_malformed'],
    ['https://app.example/%zz', 'redirect_uri_malformed'],
    ['https://app.example/%0', 'redirect_uri_malformed'],
    ['https://%61pp.example/cb', 'redirect_uri_malformed'],
    ['http://127.1/cb', 'redirect_uri_malformed'],
    ['http://2130706433/cb', 'redirect_uri_malformed'],
    ['http://0x7f.0.0.1/cb', 'redirect_uri_malformed'],
    ['http://[0:0:0:0:0:0:0:1]/cb', 'redirect_uri_malformed'],
    ['java\nscript:alert(1)', 'redirect_uri_malformed'],
    [`https://app.example/${'a'.repeat(2048)}`, 'redirect_uri_malformed'],
  ] as const)('refuses %j: %s, RFC 9700 §2.1', (uri, reason) => {
    expectRefusal(() => checkRedirectUriRegistration(uri, 'native'), 'invalid_redirect_uri', reason)
    expectTyped(() => checkRedirectUriRegistration(uri, 'web'))
  })

  it('whatever text comes in, it passes or is refused as invalid_redirect_uri', () => {
    const prefix = fc.constantFrom(
      '',
      'https://',
      'http://',
      'http://127.0.0.1',
      'com.example:',
      'https://a.example/',
    )
    fc.assert(
      fc.property(prefix, anyText, (start, rest) => {
        expectTyped(() => checkRedirectUriRegistration(start + rest, 'native'))
      }),
    )
  })

  it('what passes goes into a Location header and stays one line', () => {
    const text = fc.stringMatching(/^[a-z0-9./?&=%:@[\] \n\\#*-]{0,30}$/)
    fc.assert(
      fc.property(text, (rest) => {
        const uri = `https://a.example/${rest}`
        try {
          checkRedirectUriRegistration(uri, 'web')
        } catch {
          return
        }
        expect(new URL(uri).host).toBe('a.example')
        expect(uri).toMatch(/^[\x21-\x7e]+$/)
      }),
    )
  })
})

describe('matchRedirectUri', () => {
  const web = ['https://app.example/cb', 'https://app.example/cb?x=1', 'http://localhost:3000/cb']

  it.each(web)('matches %s, which is registered so, RFC 9700 §2.1', (uri) => {
    expect(matchRedirectUri(web, uri, 'web')).toBe(true)
  })

  it.each([
    'https://app.example/cb/',
    'https://app.example/CB',
    'https://APP.example/cb',
    'HTTPS://app.example/cb',
    'https://app.example:443/cb',
    'https://app.example/cb?',
    'https://app.example/cb?x=1&y=2',
    'https://app.example/cb#x',
    'https://app.example/cb/../cb',
    'https://app.example/./cb',
    'https://app.example/%63b',
    'https://app.example/c',
    'https://app.example/cb%00',
    'https://app.example/cb\n',
    'https://app.example./cb',
    'https://app.example@evil.example/cb',
    'https://evil.example/cb',
    'https://evil.example/?https://app.example/cb',
    'http://app.example/cb',
    '//app.example/cb',
    'http://localhost:3001/cb',
    'http://localhost/cb',
    '',
  ])('does not match %j, character for character, RFC 9700 §2.1', (uri) => {
    expect(matchRedirectUri(web, uri, 'web')).toBe(false)
    expect(matchRedirectUri(web, uri, 'native')).toBe(false)
  })

  const loopback = ['http://127.0.0.1/cb', 'http://[::1]:1/cb?x=1']

  it.each([
    'http://127.0.0.1:51234/cb',
    'http://127.0.0.1:80/cb',
    'http://127.0.0.1:65535/cb',
    'http://[::1]/cb?x=1',
    'http://[::1]:51234/cb?x=1',
  ])('leaves the port of %s free for native applications only, RFC 8252 §7.3', (uri) => {
    expect(matchRedirectUri(loopback, uri, 'native')).toBe(true)
    expect(matchRedirectUri(loopback, uri, 'web')).toBe(false)
  })

  it.each([
    'http://127.0.0.1:51234/cb/',
    'http://127.0.0.1:51234/other',
    'http://127.0.0.1:51234/cb?x=1',
    'http://[::1]:51234/cb',
    'http://127.0.0.1:0/cb',
    'http://127.0.0.1:080/cb',
    'http://127.0.0.1:65536/cb',
    'http://127.0.0.1:/cb',
    'http://127.0.0.1:80@evil.example/cb',
    'http://127.0.0.1:80\\@evil.example/cb',
    'http://127.0.0.1:80.evil.example/cb',
    'http://127.0.0.1.evil.example/cb',
    'http://127.0.0.1@evil.example/cb',
    'http://127.0.0.2:51234/cb',
    'http://localhost:51234/cb',
    'https://127.0.0.1:51234/cb',
    'HTTP://127.0.0.1:51234/cb',
    'http://127.1:51234/cb',
    'http://127.0.0.1:51234/cb#x',
    'http://127.0.0.1:-1/cb',
    'http://127.0.0.1:1e3/cb',
  ])('does not match %s, which differs in more than a port', (uri) => {
    expect(matchRedirectUri(loopback, uri, 'native')).toBe(false)
  })

  it('leaves the port of localhost as registered: the name can be made to mean another machine, RFC 8252 §8.3', () => {
    expect(matchRedirectUri(['http://localhost:1/cb'], 'http://localhost:2/cb', 'native')).toBe(false)
  })

  it('whatever matches has the scheme, host, path and query of a registered one', () => {
    fc.assert(
      fc.property(fc.constantFrom('', ':80', ':5', '@', '.', '/cb'), anyText, (port, rest) => {
        const uri = `http://127.0.0.1${port}${rest}`
        if (!matchRedirectUri(loopback, uri, 'native')) return
        const { hostname, pathname, search, hash, username } = new URL(uri)
        expect([hostname, pathname, search, hash, username]).toEqual(['127.0.0.1', '/cb', '', '', ''])
      }),
    )
  })
})

describe('resolveRedirectUri', () => {
  const one = { redirectUris: ['https://app.example/cb'], applicationType: 'web' } as const
  const two = { ...one, redirectUris: ['https://app.example/cb', 'https://app.example/other'] }

  it('answers the requested one where it is registered', () => {
    expect(resolveRedirectUri(two, 'https://app.example/other')).toBe('https://app.example/other')
  })

  it('answers the only one where none is requested, RFC 6749 §3.1.2.3', () => {
    expect(resolveRedirectUri(one, null)).toBe('https://app.example/cb')
  })

  it('answers a native application with the port it asked for, RFC 8252 §7.3', () => {
    const native = { redirectUris: ['http://127.0.0.1/cb'], applicationType: 'native' } as const
    expect(resolveRedirectUri(native, 'http://127.0.0.1:5000/cb')).toBe('http://127.0.0.1:5000/cb')
  })

  it('refuses what is not registered, absent among several, and a client with none', () => {
    const none = { ...one, redirectUris: [] }
    expectRefusal(
      () => resolveRedirectUri(one, 'https://evil.example'),
      'invalid_request',
      'redirect_uri_mismatch',
    )
    expectRefusal(() => resolveRedirectUri(two, null), 'invalid_request', 'redirect_uri_missing')
    expectRefusal(() => resolveRedirectUri(none, null), 'invalid_request', 'redirect_uri_none_registered')
    expectRefusal(
      () => resolveRedirectUri(none, 'https://app.example/cb'),
      'invalid_request',
      'redirect_uri_none_registered',
    )
  })
})

describe('isLoopbackUri and isCustomSchemeUri', () => {
  it.each([
    ['http://localhost:1/cb', true, false],
    ['http://127.0.0.1', true, false],
    ['http://[::1]/', true, false],
    ['https://localhost/', false, false],
    ['http://app.example/', false, false],
    ['com.example.app:/cb', false, true],
    ['not a uri', false, false],
    ['http://', false, false],
  ])('%s: loopback %s, app scheme %s', (uri, loopback, custom) => {
    expect(isLoopbackUri(uri)).toBe(loopback)
    expect(isCustomSchemeUri(uri)).toBe(custom)
  })
})
