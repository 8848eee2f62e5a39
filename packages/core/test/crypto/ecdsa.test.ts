import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ecdsaFromDer, ecdsaToDer } from '../../src/crypto/ecdsa.ts'

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))
const part = (text: string): string => text.padStart(64, '0')

describe('r‖s and DER, RFC 7518 §3.4 and RFC 3279 §2.2.3', () => {
  it.each([
    ['short numbers', part('01') + part('7f'), '300602010102017f'],
    ['a top bit that needs a zero in front', part('80') + part('ff01'), '300902020080020300ff01'],
    ['full length', 'ff'.repeat(32) + '7f'.repeat(32), `3045022100${'ff'.repeat(32)}0220${'7f'.repeat(32)}`],
  ])('%s', (_name, plain, der) => {
    expect(Buffer.from(ecdsaToDer(hex(plain)) ?? []).toString('hex')).toBe(der)
    expect(Buffer.from(ecdsaFromDer(hex(der))).toString('hex')).toBe(plain)
  })

  it('come back as they went, for all numbers', () => {
    const number = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => bytes.some(Boolean))
    fc.assert(
      fc.property(number, number, (r, s) => {
        const plain = Buffer.concat([r, s])
        expect([...ecdsaFromDer(ecdsaToDer(plain) ?? new Uint8Array())]).toEqual([...plain])
      }),
    )
  })

  it.each([
    ['r = 0', part('') + part('01')],
    ['s = 0', part('01') + part('')],
    ['63 bytes', '01'.repeat(63)],
    ['65 bytes', '01'.repeat(65)],
    ['nothing', ''],
  ])('%s is no signature, FIPS 186-5 §6.4.2', (_name, plain) => {
    expect(ecdsaToDer(hex(plain))).toBeNull()
  })
})
