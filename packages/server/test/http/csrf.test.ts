import { cookieJar } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { type CsrfDeps, csrfHolds, csrfToken, isCrossSite } from '../../src/http/csrf.ts'
import { createInbound, type Inbound } from '../../src/http/inbound.ts'
import { trustedProxies } from '../../src/http/proxy.ts'
import { fetchRequest } from '../../src/mounting/fetch.ts'

const ISSUER = 'https://id.example.com/auth'
const deps: CsrfDeps = {
  csrfKey: new Uint8Array(32).fill(7),
  jar: cookieJar(ISSUER),
  origin: 'https://id.example.com',
}

function inbound(headers: Record<string, string> = {}): Inbound {
  const settings = { proxies: trustedProxies([]), bodyBytes: 1000 }
  return createInbound(
    fetchRequest(new Request(`${ISSUER}/login`, { headers }), { peer: '192.0.2.1' }),
    '/login',
    settings,
  )
}

/** A browser that has been shown a form: its cookie, and the field. */
function shown(): { readonly cookie: string; readonly form: URLSearchParams } {
  const token = csrfToken(inbound(), deps)
  return { cookie: token.setCookie?.split(';')[0] ?? '', form: new URLSearchParams({ csrf: token.field }) }
}

describe('csrf, RFC 6749 §10.12', () => {
  it('takes the form of a page in the same browser', () => {
    const { cookie, form } = shown()
    expect(csrfHolds(inbound({ cookie }), form, deps)).toBe(true)
    const origin = 'https://id.example.com'
    expect(csrfHolds(inbound({ cookie, origin, 'sec-fetch-site': 'same-origin' }), form, deps)).toBe(true)
  })

  it('keeps a cookie that is there and replaces one it never made', () => {
    const { cookie } = shown()
    expect(csrfToken(inbound({ cookie }), deps).setCookie).toBeNull()
    const name = cookie.split('=')[0]
    expect(csrfToken(inbound({ cookie: `${name}=short` }), deps).setCookie).not.toBeNull()
  })

  it('sets the cookie for https and for our own requests only, with the __Host- prefix', () => {
    expect(csrfToken(inbound(), deps).setCookie).toMatch(
      /^__Host-dw-csrf-[0-9a-f]{4}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    )
  })

  it('refuses a form without the cookie, without the field, of another browser or under another key', () => {
    const { cookie, form } = shown()
    expect(csrfHolds(inbound(), form, deps)).toBe(false)
    expect(csrfHolds(inbound({ cookie }), new URLSearchParams(), deps)).toBe(false)
    expect(csrfHolds(inbound({ cookie }), shown().form, deps)).toBe(false)
    expect(csrfHolds(inbound({ cookie }), form, { ...deps, csrfKey: new Uint8Array(32) })).toBe(false)
  })

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'http://id.example.com' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
  ])('refuses a form that another site sent, whatever it holds: %j', (headers) => {
    const { cookie, form } = shown()
    expect(csrfHolds(inbound({ cookie, ...headers }), form, deps)).toBe(false)
  })

  it.each([{}, { origin: 'null' }, { 'sec-fetch-site': 'none' }])(
    'cannot tell by %j, so the token decides',
    (headers) => {
      expect(isCrossSite(inbound(headers), deps.origin)).toBe(false)
    },
  )
})
