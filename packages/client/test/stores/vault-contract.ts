import { randomToken } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import type { Vault } from '../../src/ports.ts'
import { aRow, NOW } from './samples.ts'

/** A vault on two connections, as of two processes. */
export type GivenVault = () => {
  readonly vault: Vault
  readonly other: Vault
  /** A ref that no row has yet, of something that may have one. */
  readonly newRef: () => Promise<string>
}

/** So many callers at one moment, in turn on both connections. */
function atOnce<T>(
  { vault, other }: ReturnType<GivenVault>,
  call: (vault: Vault, index: number) => Promise<T>,
): Promise<T[]> {
  return Promise.all(Array.from({ length: 50 }, (_, index) => call(index % 2 === 0 ? vault : other, index)))
}

/** What every implementation of `Vault` must do, the client's own stores and a server's. */
export function describeVault(given: GivenVault): void {
  describe('the vault', () => {
    it('puts a row in the place of another under a higher version, and frees its lease', async () => {
      const { vault, other, newRef } = given()
      const row = aRow({ ref: await newRef() })
      await vault.put(row)
      await vault.lease(row.ref, row.version, { holder: 'a', now: NOW, until: NOW + 9 })
      const again = aRow({ ref: row.ref, keyId: 'key-2' })
      await other.put(again)
      const found = await vault.find(row.ref)
      expect(found).toEqual({ ...again, version: row.version + 1 })
      const free = { holder: 'b', now: NOW, until: NOW + 9 }
      expect(await vault.lease(row.ref, row.version + 1, free)).toBe(true)
      expect(await vault.replace({ ...row, version: row.version + 1 })).toBe(false)
      const later = aRow({ ref: row.ref, version: row.version + 500 })
      await vault.put(later)
      expect(await other.find(row.ref)).toEqual(later)
      await vault.delete(row.ref)
      expect(await vault.find(row.ref)).toBeNull()
    })

    it('knows its rows by their keys, in order', async () => {
      const { vault, newRef } = given()
      const keyId = randomToken(6)
      for (let rows = 0; rows < 3; rows += 1) await vault.put(aRow({ ref: await newRef(), keyId }))
      const first = await vault.findByKey(keyId, 2)
      expect(first).toHaveLength(2)
      const rest = await vault.findByKey(keyId, 2, first.at(-1)?.ref)
      expect(new Set([...first, ...rest].map(({ ref }) => ref)).size).toBe(3)
      expect((await vault.countByKey()).get(keyId)).toBe(3)
      expect(await vault.findByKey('unknown', 2)).toEqual([])
    })

    it('puts a data key sealed anew only where the row it belongs to still is', async () => {
      const { vault, other, newRef } = given()
      const row = aRow({ ref: await newRef() })
      await vault.put(row)
      expect(await other.reseal(row, 'key-2', 'anew')).toBe(true)
      expect(await vault.find(row.ref)).toEqual({ ...row, keyId: 'key-2', sealedKey: 'anew' })
      await vault.delete(row.ref)
      const successor = aRow({ ref: row.ref, version: row.version })
      await vault.put(successor)
      expect(await other.reseal(row, 'key-2', 'damage')).toBe(false)
      expect(await vault.find(row.ref)).toEqual(successor)
    })
  })
  describeLease(given)
}

function describeLease(given: GivenVault): void {
  const until = NOW + 6
  describe('the lease of a row', () => {
    it('goes to exactly one of 50 who ask at once, on two connections', async () => {
      const { vault, newRef } = given()
      const row = aRow({ ref: await newRef() })
      await vault.put(row)
      const got = await atOnce(given(), (at, index) =>
        at.lease(row.ref, row.version, { holder: `h${index}`, now: NOW, until }),
      )
      expect(got.filter(Boolean)).toHaveLength(1)
    })

    it('is prolonged by its holder, taken over when it ran out, and freed by its holder alone', async () => {
      const { vault, other, newRef } = given()
      const { ref, version, ...rest } = aRow({ ref: await newRef() })
      await vault.put({ ref, version, ...rest })
      const lease = (holder: string, now: number) =>
        other.lease(ref, version, { holder, now, until: now + 6 })
      expect(await lease('a', NOW)).toBe(true)
      expect(await lease('a', NOW + 4)).toBe(true)
      expect(await lease('b', NOW + 9)).toBe(false)
      await vault.release(ref, 'b')
      expect(await lease('b', NOW + 9)).toBe(false)
      expect(await lease('b', NOW + 10)).toBe(true)
      await vault.release(ref, 'b')
      expect(await lease('c', NOW + 10)).toBe(true)
    })

    it('is not to be had for a version that is past', async () => {
      const { vault, newRef } = given()
      const row = aRow({ ref: await newRef() })
      await vault.put(row)
      const next = aRow({ ref: row.ref, version: row.version + 1 })
      expect(await vault.replace(next)).toBe(true)
      expect(await vault.lease(row.ref, row.version, { holder: 'a', now: NOW, until })).toBe(false)
      expect(await vault.lease(row.ref, next.version, { holder: 'a', now: NOW, until })).toBe(true)
    })

    it('lets the first of 50 answers replace the row, and no other', async () => {
      const { vault, newRef } = given()
      const row = aRow({ ref: await newRef() })
      await vault.put(row)
      await vault.lease(row.ref, row.version, { holder: 'a', now: NOW, until })
      const answers = Array.from({ length: 50 }, () => aRow({ ref: row.ref, version: row.version + 1 }))
      const kept = await atOnce(given(), async (at, index) => {
        const answer = answers[index] ?? row
        return (await at.replace(answer)) ? answer : null
      })
      const winners = kept.filter((answer) => answer !== null)
      expect(winners).toHaveLength(1)
      expect([await vault.find(row.ref)]).toEqual(winners)
    })

    it('brings back no row that was deleted', async () => {
      const { vault, other, newRef } = given()
      const row = aRow({ ref: await newRef() })
      await vault.put(row)
      await other.delete(row.ref)
      expect(await vault.replace({ ...row, version: row.version + 1 })).toBe(false)
      expect(await vault.find(row.ref)).toBeNull()
    })
  })
}
