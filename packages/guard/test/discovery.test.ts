import { describe, expect, it } from 'vitest'
import { discoveryAddresses, isSafeAddress, maxAgeOf, parseDiscovery } from '../src/discovery.ts'

const issuer = 'https://id.example'
const parse = (document: unknown) => parseDiscovery(document, issuer, 'https://id.example/.well-known/x')

describe('where metadata is, OpenID Connect Discovery §4 and RFC 8414 §3.1', () => {
  it.each([
    ['https://id.example', '', ''],
    ['https://id.example/', '', ''],
    ['https://id.example:8443', '', ''],
    ['https://id.example/a/b', '/a/b', '/a/b'],
    ['https://id.example/a/', '/a', '/a'],
  ])('of %s', (name, before, after) => {
    const { origin } = new URL(name)
    expect(discoveryAddresses(name)).toEqual([
      `${origin}${before}/.well-known/openid-configuration`,
      `${origin}/.well-known/oauth-authorization-server${after}`,
    ])
  })
})

describe('what metadata must say', () => {
  it('the same issuer, and where the keys are', () => {
    expect(parse({ issuer, jwks_uri: 'https://keys.example/jwks' })).toBe('https://keys.example/jwks')
  })

  it.each([`${issuer}/`, 'https://evil.example', 'HTTPS://id.example', '', null, [issuer], undefined])(
    'never another issuer, RFC 8414 §3.3: %j',
    (named) => {
      expect(() => parse({ issuer: named, jwks_uri: 'https://id.example/jwks' })).toThrow(
        expect.objectContaining({ reason: 'issuer_mismatch' }),
      )
    },
  )

  it.each([
    'http://id.example/jwks',
    'ftp://id.example',
    'file:///etc/passwd',
    'data:application/json,{}',
    '/jwks',
    '',
    1,
    undefined,
  ])('never keys from an unsafe address: %j', (jwksUri) => {
    expect(() => parse({ issuer, jwks_uri: jwksUri })).toThrow(
      expect.objectContaining({ reason: 'issuer_unreadable' }),
    )
  })

  it.each([null, 'text', 1])('an object, not %j', (document) => {
    expect(() => parse(document)).toThrow(expect.objectContaining({ reason: 'issuer_unreadable' }))
  })
})

it('http is safe on this machine only', () => {
  for (const address of [
    'http://localhost:4000',
    'http://127.0.0.1',
    'http://[::1]:80',
    'https://id.example',
  ]) {
    expect(isSafeAddress(address)).toBe(true)
  }
  for (const address of [
    'http://id.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.nip.io',
    'x',
  ]) {
    expect(isSafeAddress(address)).toBe(false)
  }
})

it.each([
  ['public, max-age=600', 600],
  ['MAX-AGE="60"', 60],
  ['s-maxage=5', 300],
  ['no-store', 0],
  ['no-cache, max-age=60', 0],
  ['max-age=-1', 300],
  ['', 300],
  [null, 300],
])('Cache-Control %j keeps keys for %i seconds, RFC 9111 §5.2.2', (header, seconds) => {
  expect(maxAgeOf(header)).toBe(seconds)
})
