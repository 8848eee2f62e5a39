import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isEs256PrivatePem } from '../../src/crypto/index.ts'

const pemOf = (namedCurve: string, type: 'pkcs8' | 'sec1' = 'pkcs8'): string =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'pem', type }).toString()

describe('the PEM text of a key for ES256', () => {
  it('is a P-256 key as PKCS #8, RFC 7468 §10', () => {
    expect(isEs256PrivatePem(pemOf('P-256'))).toBe(true)
    expect(isEs256PrivatePem(pemOf('P-256').trim())).toBe(true)
  })

  it.each([
    ['of another curve', pemOf('P-384')],
    ['in another form', pemOf('P-256', 'sec1')],
    ['cut off', pemOf('P-256').slice(0, 100)],
    ['without its lines', pemOf('P-256').replaceAll('\n', '\\n')],
    ['empty', ''],
  ])('is none that is %s', (_title, pem) => {
    expect(isEs256PrivatePem(pem)).toBe(false)
  })
})
