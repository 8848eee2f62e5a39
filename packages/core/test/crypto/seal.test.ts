import { describe, expect, it } from 'vitest'
import { hkdfSha256, openAesGcm, sealAesGcm } from '../../src/crypto/index.ts'

const key = hkdfSha256('one', 'seal')
const sealed = sealAesGcm(key, 'a private key é', 'signing-key:k1')

describe('sealing with AES-256-GCM, SP 800-38D', () => {
  it('opens with the same key and place', () => {
    expect(openAesGcm(key, sealed, 'signing-key:k1')).toBe('a private key é')
    expect(openAesGcm(key, sealAesGcm(key, '', ''), '')).toBe('')
  })

  it('says nothing of its content, and never seals twice alike', () => {
    expect(sealed).toMatch(/^v1\.[\w-]{16}\.[\w-]+$/)
    expect(sealAesGcm(key, 'a private key é', 'signing-key:k1')).not.toBe(sealed)
  })

  it('stays shut under another key, or moved to another place', () => {
    expect(openAesGcm(hkdfSha256('two', 'seal'), sealed, 'signing-key:k1')).toBeNull()
    expect(openAesGcm(key, sealed, 'signing-key:k2')).toBeNull()
  })

  it('stays shut when any one character was changed', () => {
    const opened = Array.from(sealed, (character, index) => {
      const other = character === 'A' ? 'B' : 'A'
      return openAesGcm(key, sealed.slice(0, index) + other + sealed.slice(index + 1), 'signing-key:k1')
    })
    expect(opened.filter((text) => text !== null)).toEqual([])
  })

  it.each([
    '',
    'v1',
    'v1..',
    'v1.AAAA.AAAA',
    `${sealed}.AAAA`,
    sealed.slice(0, 30),
    sealed.replace('v1', 'v2'),
    `${sealed}=`,
  ])('answers null to %j', (text) => {
    expect(openAesGcm(key, text, 'signing-key:k1')).toBeNull()
  })

  it('stays shut when the tag was shortened', () => {
    const [version, iv, data] = sealed.split('.')
    const bytes = Buffer.from(data ?? '', 'base64url')
    for (const cut of [1, 4, 8, 12]) {
      const shorter = bytes.subarray(0, bytes.length - cut).toString('base64url')
      expect(openAesGcm(key, `${version}.${iv}.${shorter}`, 'signing-key:k1')).toBeNull()
    }
  })
})
