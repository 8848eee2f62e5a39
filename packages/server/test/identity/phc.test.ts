import { describe, expect, it } from 'vitest'
import { decoyPhc, parsePhc } from '../../src/identity/phc.ts'

const salt = 'c2FsdHNhbHRzYWx0c2FsdA'
const hash = 'aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g'

describe('parsePhc', () => {
  it('reads the cost of an argon2id string, RFC 9106', () => {
    expect(parsePhc(`$argon2id$v=19$m=19456,t=2,p=1$${salt}$${hash}`)).toEqual({
      memoryKiB: 19_456,
      passes: 2,
      lanes: 1,
    })
  })

  it('reads its own decoys', () => {
    const cost = { memoryKiB: 64, passes: 3, lanes: 2 }
    expect(parsePhc(decoyPhc(cost, new Uint8Array(16), new Uint8Array(32)))).toEqual(cost)
  })

  it.each([
    '',
    `$argon2i$v=19$m=19456,t=2,p=1$${salt}$${hash}`,
    `$argon2id$v=16$m=19456,t=2,p=1$${salt}$${hash}`,
    `$argon2id$m=19456,t=2,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=99999999,t=2,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${hash}\n`,
    '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
  ])('refuses %j', (text) => {
    expect(parsePhc(text)).toBeNull()
  })
})
