import { OAuthError } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { hostCheck } from '../../src/http/host-check.ts'
import { createInbound } from '../../src/http/inbound.ts'
import { trustedProxies } from '../../src/http/proxy.ts'
import { fetchRequest } from '../../src/mounting/fetch.ts'

const settings = { proxies: trustedProxies(['10.0.0.1']), bodyBytes: 1000 }

const verdict = (issuer: string, url: string, headers: Record<string, string> = {}): string | null => {
  const request = new Request(url, { headers: { host: new URL(url).host, ...headers } })
  return hostCheck(issuer)(createInbound(fetchRequest(request, { peer: '10.0.0.1' }), '/login', settings))
}

describe('a page', () => {
  it.each([
    ['http://localhost:4000', 'http://localhost:4000/login'],
    ['http://localhost:4000', 'http://localhost:8080/login'],
    ['https://id.example.com', 'http://id.example.com/login'],
    ['https://id.example.com:8443', 'http://id.example.com/login'],
    ['http://[::1]:4000', 'http://[::1]:4000/login'],
  ])('of %s is right at %s, whatever the port', (issuer, url) => {
    expect(verdict(issuer, url)).toBeNull()
  })

  it.each([
    ['http://127.0.0.1:4000/login', 'http://localhost:4000/login?dw_host=1'],
    ['http://127.0.0.1:4000/login?a=1&b=%20', 'http://localhost:4000/login?a=1&b=%20&dw_host=1'],
    ['http://evil.example//evil.example/', 'http://localhost:4000//evil.example/?dw_host=1'],
  ])('asked for at %s goes to the issuer’s host', (url, location) => {
    expect(verdict('http://localhost:4000', url)).toBe(location)
  })

  it('is right where a trusted proxy says so', () => {
    const headers = { 'x-forwarded-host': 'id.example.com', 'x-forwarded-proto': 'https' }
    expect(verdict('https://id.example.com', 'http://127.0.0.1:4000/login', headers)).toBeNull()
  })

  it('goes to https where a trusted proxy says that it came by http', () => {
    const headers = { 'x-forwarded-proto': 'http' }
    expect(verdict('https://id.example.com', 'http://id.example.com/login', headers)).toBe(
      'https://id.example.com/login?dw_host=1',
    )
  })

  it('that comes back under a wrong host ends in an error that names the cause, not in a loop', () => {
    const again = () => verdict('https://id.example.com', 'http://127.0.0.1:4000/login?dw_host=1')
    expect(again).toThrow(expect.objectContaining({ reason: 'host_rewritten' }))
    expect(again).toThrow(OAuthError)
  })
})
