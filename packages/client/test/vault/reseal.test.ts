import { randomToken } from '@doorward/core/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TokenSet } from '../../src/exchange/token-set.ts'
import type { ClientStore } from '../../src/ports.ts'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { resealAll, secretUse } from '../../src/vault/reseal.ts'
import { createSealer } from '../../src/vault/seal.ts'
import { createSqlitePlace, type Place } from '../stores/place.ts'

const NOW = 1_800_000_000
const [lost, older, newer] = [randomToken(), randomToken(), randomToken()]
const tokensOf = (accessToken: string): TokenSet => ({
  accessToken,
  refreshToken: null,
  idToken: null,
  scope: '',
  expiresAt: null,
  tokenType: 'bearer',
})
let place: Place
let store: ClientStore
beforeAll(async () => {
  place = await createSqlitePlace()
  store = place.open()
})
afterAll(async () => {
  await store.close()
  await place.remove()
})
const using = (first: string, ...others: readonly string[]) => {
  const ring = createKeyRing([first, ...others])
  return { vault: store.vault, ring, sealer: createSealer(ring, () => NOW) }
}
const fill = async (secret: string, rows: number) => {
  const { sealer } = using(secret)
  for (let row = 0; row < rows; row += 1) {
    const kept = { provider: 'google', tokens: tokensOf(`${secret} ${row}`) }
    await store.vault.put(sealer.seal(`${secret} ${row}`, kept, NOW + 60))
  }
}
const openAll = async (secret: string, rows: number, { sealer }: ReturnType<typeof using>) => {
  for (let row = 0; row < rows; row += 1) {
    const found = await store.vault.find(`${secret} ${row}`)
    expect(found === null ? null : sealer.open(found)?.tokens.accessToken).toBe(`${secret} ${row}`)
  }
}

describe('changing the secret', () => {
  it('seals every row under the first, by two processes at once, until the old one can be dropped', async () => {
    await fill(older, 130)
    await fill(lost, 2)
    const rotating = using(newer, older)
    expect(await secretUse(rotating)).toEqual([
      { place: 0, keyId: rotating.ring[0].id, rows: 0 },
      { place: 1, keyId: rotating.ring[1]?.id, rows: 130 },
      { place: null, keyId: createKeyRing([lost])[0].id, rows: 2 },
    ])
    await openAll(older, 130, rotating)
    const done = await Promise.all([resealAll(rotating), resealAll(using(newer, older))])
    expect(done[0] + done[1]).toBeGreaterThanOrEqual(130)
    expect((await secretUse(rotating)).map(({ rows }) => rows)).toEqual([130, 0, 2])
    await openAll(older, 130, using(newer))
    expect(await resealAll(rotating)).toBe(0)
  })

  it('damages no row that is refreshed at the same time', async () => {
    await fill(older, 1)
    const rotating = using(newer, older)
    const before = await store.vault.find(`${older} 0`)
    if (before === null) throw new Error('The row is missing')
    const late = rotating.sealer.reseal(before)
    const fresh = rotating.sealer.sealNext(before, { provider: 'google', tokens: tokensOf('fresh') })
    expect(await store.vault.replace(fresh)).toBe(true)
    expect(await store.vault.reseal(before, late?.keyId ?? '', late?.sealedKey ?? '')).toBe(false)
    expect(using(newer).sealer.open((await store.vault.find(before.ref)) ?? before)?.tokens.accessToken).toBe(
      'fresh',
    )
  })

  it('does not stop for a row that was tampered with', async () => {
    await fill(older, 3)
    await place.run(`UPDATE doorward_vault SET sealed_key = 'v1.x.y' WHERE ref = '${older} 1' RETURNING ref`)
    const rotating = using(newer, older)
    expect(await resealAll(rotating)).toBe(2)
    expect((await secretUse(rotating))[1]?.rows).toBe(1)
  })

  it('goes on behind any number of rows that nobody can open', async () => {
    const [before, after] = [randomToken(), randomToken()]
    const { sealer, ring } = using(before)
    const kept = { provider: 'google', tokens: tokensOf('good') }
    for (let row = 0; row < 120; row += 1) {
      await store.vault.put({ ...sealer.seal(`!${row}`, kept, NOW + 60), sealedKey: 'tampered with' })
    }
    await store.vault.put(sealer.seal('~good', kept, NOW + 60))
    expect(await resealAll(using(after, before))).toBe(1)
    expect((await store.vault.find('~good'))?.keyId).not.toBe(ring[0].id)
  })
})
