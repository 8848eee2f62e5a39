import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkResourceUri, isResourceUri } from '../src/resource.ts'
import { anyText } from './any-text.ts'
import { expectRefusal, expectTyped } from './refusal.ts'

describe('checkResourceUri', () => {
  it.each([
    'https://api.example',
    'https://api.example/orders?tenant=1',
    'http://localhost:4001',
    'https://api.example:8443/a%20b',
    'https://[2001:db8::1]/api',
    'urn:example:orders',
    'api:orders',
    'com.example.app:/api',
  ])('takes the absolute URI %s, RFC 8707 §2', (uri) => {
    expect(isResourceUri(uri)).toBe(true)
    expect(() => checkResourceUri(uri)).not.toThrow()
  })

  it.each([
    '',
    'orders',
    '/orders',
    '//api.example',
    'https:',
    'https://',
    'https:///orders',
    'https:/api.example',
    'https://api.example#part',
    'https://api.example#',
    'https://user@api.example',
    'https://api.example:99999',
    'https://api.example/a b',
    'https://api.example/\u00e9',
    'https://api.example\\evil',
    'https://api.example/%zz',
    'https://api.example/%',
    'https://api.example/\n',
    `https://api.example/${'a'.repeat(2048)}`,
  ])('refuses %j, RFC 8707 §2', (uri) => {
    expectRefusal(() => checkResourceUri(uri), 'invalid_target', 'resource_malformed')
  })

  it('whatever text comes in, it passes or is refused as invalid_target', () => {
    fc.assert(fc.property(anyText, (text) => expectTyped(() => checkResourceUri(text))))
    fc.assert(fc.property(fc.webUrl(), (uri) => expectTyped(() => checkResourceUri(`https:${uri}`))))
  })
})
