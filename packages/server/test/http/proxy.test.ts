import { describe, expect, it } from 'vitest'
import { clientAddress, trustedProxies } from '../../src/http/proxy.ts'

const proxies = trustedProxies(['10.0.0.0/8', '::1', '2001:db8::/32'])

describe("the caller's address", () => {
  it.each([
    ['an unknown peer says what it likes', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a trusted proxy is believed', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['what the caller itself put first is not', '10.1.2.3', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['nor behind two trusted proxies', '10.1.2.3', '1.1.1.1, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['all hops trusted: the first of them', '10.1.2.3', '10.4.4.4, 10.9.9.9', '10.4.4.4'],
    ['a proxy that says nothing is the caller', '10.1.2.3', null, '10.1.2.3'],
    ['what is no address ends the search', '10.1.2.3', '198.51.100.1, unknown', '10.1.2.3'],
    ['ports are left out', '10.1.2.3', '198.51.100.1:4711', '198.51.100.1'],
    ['IPv6 in brackets too', '::1', '[2001:470::5]:4711', '2001:470::5'],
    ['an IPv4 peer on a dual-stack socket is known', '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['and written plainly', '::ffff:203.0.113.9', null, '203.0.113.9'],
    ['no peer at all trusts nobody', '', '198.51.100.1', ''],
  ])('%s', (_rule, peer, forwardedFor, expected) => {
    expect(clientAddress(peer, forwardedFor, proxies)).toBe(expected)
  })

  it('comes from the socket where no proxy is named', () => {
    expect(clientAddress('10.1.2.3', '198.51.100.1', trustedProxies([]))).toBe('10.1.2.3')
  })
})
