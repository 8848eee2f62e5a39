import { describe, expect, it } from 'vitest'
import { parseNetwork } from '../../src/config/addresses.ts'

describe('parseNetwork', () => {
  it('reads addresses and CIDR ranges of both families', () => {
    expect(parseNetwork('10.0.0.0/8')).toEqual({ address: '10.0.0.0', prefix: 8, family: 'ipv4' })
    expect(parseNetwork('192.0.2.1')).toEqual({ address: '192.0.2.1', prefix: 32, family: 'ipv4' })
    expect(parseNetwork('fd00::/8')).toEqual({ address: 'fd00::', prefix: 8, family: 'ipv6' })
    expect(parseNetwork('::1')).toEqual({ address: '::1', prefix: 128, family: 'ipv6' })
  })

  it.each(['', 'localhost', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/33', '::/129', '10.0.0.0/8/8', '10.0.0'])(
    'refuses %s',
    (text) => {
      expect(parseNetwork(text)).toBeNull()
    },
  )
})
