import { randomToken } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import type { TokenSet } from '../../src/exchange/token-set.ts'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { createSealer } from '../../src/vault/seal.ts'

const NOW = 1_800_000_000
const [older, newer] = [randomToken(), randomToken()]
const sealerOf = (first: string, ...others: readonly string[]) =>
  createSealer(createKeyRing([first, ...others]), () => NOW)
const tokens: TokenSet = {
  accessToken: 'access ü',
  refreshToken: 'refresh',
  idToken: null,
  scope: 'openid',
  expiresAt: NOW + 3600,
  tokenType: 'bearer',
}
const kept = { provider: 'google', tokens }
const sealer = sealerOf(older)
const row = sealer.seal('row-1', kept, NOW + 9000)

describe('a key ring', () => {
  it('names each key by its secret alone, and tells nothing of it', () => {
    const [one] = createKeyRing([older, newer])
    const [, same] = createKeyRing([newer, older])
    expect(one.id).toBe(same?.id)
    expect(one.id).toMatch(/^[\w-]{12}$/)
    expect(Buffer.from(one.bytes).toString('base64url')).not.toContain(one.id)
  })
})

describe('a sealed row', () => {
  it('opens with the secret that sealed it, wherever that is in the list', () => {
    expect(sealer.open(row)).toEqual({ ...kept, since: NOW })
    expect(sealerOf(newer, older).open(row)).toEqual({ ...kept, since: NOW })
    expect(sealerOf(newer).open(row)).toBeNull()
  })

  it('shows no part of its tokens, and never twice the same', () => {
    const again = sealer.seal('row-1', kept, NOW + 9000)
    for (const text of ['access', 'refresh', 'google']) expect(JSON.stringify(row)).not.toContain(text)
    expect(again.sealed).not.toBe(row.sealed)
    expect(again.sealedKey).not.toBe(row.sealedKey)
  })

  it('does not open in another row, whole or in part', () => {
    const other = sealer.seal('row-2', { ...kept, provider: 'github' }, NOW + 9000)
    expect(sealer.open({ ...row, ref: 'row-2' })).toBeNull()
    expect(sealer.open({ ...other, sealed: row.sealed })).toBeNull()
    expect(sealer.open({ ...other, sealedKey: row.sealedKey })).toBeNull()
    expect(sealer.open({ ...other, sealed: row.sealed, sealedKey: row.sealedKey })).toBeNull()
    expect(sealer.reseal({ ...row, ref: 'row-2' })).toBeNull()
  })

  it('does not open when anything of it was changed', () => {
    for (const part of ['sealed', 'sealedKey'] as const) {
      for (const at of [0, 5, 30, row[part].length - 2]) {
        const other = row[part][at] === 'A' ? 'B' : 'A'
        const changed = row[part].slice(0, at) + other + row[part].slice(at + 1)
        expect(sealer.open({ ...row, [part]: changed })).toBeNull()
      }
    }
    expect(sealer.open({ ...row, keyId: 'another' })).toBeNull()
  })

  it('is followed by one with a higher version and another data key, to be swept at the same time', () => {
    const next = sealer.sealNext(row, { ...kept, tokens: { ...tokens, accessToken: 'fresh' } })
    expect(next).toMatchObject({ ref: row.ref, version: row.version + 1, expiresAt: row.expiresAt })
    expect(sealer.open(next)?.tokens.accessToken).toBe('fresh')
    expect(sealer.open({ ...next, sealed: row.sealed })).toBeNull()
  })
})
