import { describe, expect, it } from 'vitest'
import { configSchema } from '../../src/config/schema.ts'
import { signInLimits, throttledNetwork } from '../../src/identity/throttle.ts'

const config = configSchema.parse({ issuer: 'https://id.example.com' })

describe('signInLimits', () => {
  it('counts ten failures for an account from an address and a hundred from an address, in ten minutes', () => {
    expect(signInLimits(config, 'ada@example.com', '192.0.2.1').both).toMatchObject([
      { max: 10, windowSeconds: 600 },
      { max: 100, windowSeconds: 600 },
    ])
  })

  it('tells accounts and addresses apart', () => {
    const ada = signInLimits(config, 'ada@example.com', '192.0.2.1')
    const bob = signInLimits(config, 'bob@example.com', '192.0.2.1')
    const elsewhere = signInLimits(config, 'ada@example.com', '192.0.2.2')
    expect(new Set([ada.pair.key, bob.pair.key, elsewhere.pair.key]).size).toBe(3)
    expect(bob.address.key).toBe(ada.address.key)
    expect(elsewhere.address.key).not.toBe(ada.address.key)
  })
})

describe('throttledNetwork', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:1::', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
  ])('%s is counted as %s', (ip, network) => {
    expect(throttledNetwork(ip)).toBe(network)
  })
})
