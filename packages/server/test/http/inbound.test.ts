import { describe, expect, it } from 'vitest'
import { createInbound, splitTarget } from '../../src/http/inbound.ts'
import { trustedProxies } from '../../src/http/proxy.ts'
import { fetchRequest, targetOf } from '../../src/mounting/fetch.ts'

const settings = { proxies: trustedProxies(['10.0.0.1']), bodyBytes: 1000 }
const inbound = (headers: Record<string, string>, peer: string, url = 'http://127.0.0.1:4000/login?a=1') =>
  createInbound(fetchRequest(new Request(url, { headers }), { peer }), '/login', settings)

describe('an inbound request', () => {
  it.each([
    ['http://h/a/b?c=d', '/a/b', 'c=d'],
    ['http://h/a?b#c', '/a', 'b'],
    ['http://h/a#c?d', '/a', ''],
    ['http://h', '/', ''],
    ['https://h:1/', '/', ''],
  ])('splits %s', (url, pathname, search) => {
    expect(splitTarget(targetOf(url))).toEqual({ pathname, search })
  })

  it('believes forwarded host and scheme only from a trusted proxy', () => {
    const headers = { host: 'inner:1', 'x-forwarded-host': 'ID.Example.com', 'x-forwarded-proto': 'https' }
    const trusted = inbound(headers, '10.0.0.1')
    expect([trusted.host, trusted.forwardedProto]).toEqual(['id.example.com', 'https'])
    const stranger = inbound(headers, '10.0.0.2')
    expect([stranger.host, stranger.forwardedProto]).toEqual(['inner:1', null])
  })

  it('takes the address from a trusted proxy only', () => {
    const headers = { 'x-forwarded-for': '198.51.100.1' }
    expect(inbound(headers, '10.0.0.1').ip).toBe('198.51.100.1')
    expect(inbound(headers, '10.0.0.2').ip).toBe('10.0.0.2')
  })

  it('hides the host marker from endpoints', () => {
    expect(inbound({}, '', 'http://h/login?a=1&dw_host=1').query.toString()).toBe('a=1')
  })

  it('has one reference and one form, however often they are asked for', async () => {
    const request = new Request('http://h/', { method: 'POST', body: new URLSearchParams({ a: '1' }) })
    const one = createInbound(fetchRequest(request, { peer: '' }), '/', settings)
    expect(one.reference).toBe(one.reference)
    expect(one.reference).toMatch(/^[\w-]{8}$/)
    expect(await one.form()).toBe(await one.form())
  })

  it('is a GET where a HEAD is asked', () => {
    const head = new Request('http://h/', { method: 'HEAD' })
    expect(createInbound(fetchRequest(head, { peer: '' }), '/', settings).method).toBe('GET')
  })
})
