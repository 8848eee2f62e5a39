import { describe, expect, it } from 'vitest'
import { decideKeyChores, keyState, signerAt, signsFromFor } from '../../src/keys/life.ts'
import type { SigningKeyRecord } from '../../src/storage/records.ts'

const settings = { rotateSeconds: 10_000, jwksMaxAgeSeconds: 300 }

function key(kid: string, signsFrom: number, end: Partial<SigningKeyRecord> = {}): SigningKeyRecord {
  return {
    kid,
    alg: 'ES256',
    publicJwk: '{}',
    sealedPrivateJwk: 'x',
    createdAt: 0,
    signsFrom,
    retiredAt: null,
    goneAt: null,
    ...end,
  }
}

describe('a signing key in its life', () => {
  const first = key('first', 0)
  const second = key('second', 1_000)

  it('is published until its time comes, then it signs and its predecessor does not', () => {
    const keys = [first, second]
    expect([keyState(first, keys, 999), keyState(second, keys, 999)]).toEqual(['signing', 'published'])
    expect([keyState(first, keys, 1_000), keyState(second, keys, 1_000)]).toEqual(['retired', 'signing'])
  })

  it('is retired until the last token it signed has expired, then gone', () => {
    const retired = key('old', 0, { retiredAt: 1_000, goneAt: 1_600 })
    expect(keyState(retired, [retired, second], 1_599)).toBe('retired')
    expect(keyState(retired, [retired, second], 1_600)).toBe('gone')
  })

  it('signs early where its predecessors were retired by a node whose clock is ahead', () => {
    const retired = key('old', 0, { retiredAt: 1_000, goneAt: 1_600 })
    expect(signerAt([retired, second], 'ES256', 990)?.kid).toBe('second')
  })

  it('signs only for its own algorithm', () => {
    expect(signerAt([first], 'EdDSA', 10)).toBeNull()
  })

  it('waits longer than a cached JWK set can live', () => {
    expect(signsFromFor(5_000, 300)).toBeGreaterThan(5_300)
  })
})

describe('decideKeyChores', () => {
  it('makes the next key in time, so that none signs longer than rotateSeconds', () => {
    const takesOver = (now: number) => signsFromFor(now, settings.jwksMaxAgeSeconds)
    const due = 10_000 - (takesOver(0) - 0)
    expect(decideKeyChores([key('a', 0)], settings, due - 1)).toEqual([])
    expect(decideKeyChores([key('a', 0)], settings, due)).toEqual([{ kind: 'make', alg: 'ES256' }])
  })

  it('makes no second next key', () => {
    expect(decideKeyChores([key('a', 0), key('b', 10_100)], settings, 10_050)).toEqual([])
  })

  it('retires the predecessors of the key that signs, once', () => {
    const keys = [key('a', 0), key('b', 10_100)]
    expect(decideKeyChores(keys, settings, 10_100)).toEqual([{ kind: 'retire', alg: 'ES256', kid: 'b' }])
    const retired = [key('a', 0, { retiredAt: 10_100, goneAt: 10_760 }), key('b', 10_100)]
    expect(decideKeyChores(retired, settings, 10_101)).toEqual([])
  })

  it('rotates at once after a long downtime', () => {
    expect(decideKeyChores([key('a', 0)], settings, 900_000)).toEqual([{ kind: 'make', alg: 'ES256' }])
  })

  it('has nothing to do without keys: the first ones are made at start', () => {
    expect(decideKeyChores([], settings, 0)).toEqual([])
  })
})
