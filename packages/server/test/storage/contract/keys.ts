import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Storage } from '../../../src/storage/ports.ts'
import type { Backend, Place } from './backend.ts'
import { aKey, atOnce, DAY, NOW } from './samples.ts'

/** Keys are one set for the whole database, so these have one of their own. */
export function describeKeys(backend: Backend): void {
  describe('signing keys', () => {
    let place: Place
    let storage: Storage
    let other: Storage
    beforeAll(async () => {
      place = await backend.createPlace()
      ;[storage, other] = [await place.open(), await place.open()]
    })
    afterAll(async () => {
      await Promise.all([storage.close(), other.close()])
      await place.remove()
    })
    const kids = async (now = NOW) => (await storage.keys.list(now)).map((key) => key.kid)

    it('begin with one of each algorithm, however many start at once', async () => {
      const keys = Array.from({ length: 12 }, () => aKey())
      const won = await atOnce(12, [storage, other], (at, index) =>
        at.keys.insertFirst(keys[index] ?? aKey()),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await storage.keys.list(NOW)).toEqual([keys[won.indexOf(true)]])
      const rsa = aKey({ alg: 'RS256', createdAt: NOW + 1 })
      expect(await storage.keys.insertFirst(rsa)).toBe(true)
      expect(await other.keys.list(NOW)).toEqual([keys[won.indexOf(true)], rsa])
    })

    it('have one that waits at most, whoever rotates', async () => {
      const nexts = Array.from({ length: 12 }, () => aKey({ createdAt: NOW + 10, signsFrom: NOW + 310 }))
      const won = await atOnce(12, [storage, other], (at, index) =>
        at.keys.insertNext(nexts[index] ?? aKey(), NOW + 10),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await storage.keys.insertNext(aKey({ alg: 'EdDSA', signsFrom: NOW + 310 }), NOW + 10)).toBe(true)
      const later = aKey({ createdAt: NOW + 310, signsFrom: NOW + 700 })
      expect(await storage.keys.insertNext(later, NOW + 310)).toBe(true)
    })

    it('retire when another took over: without private part, in the set until they are gone', async () => {
      const es256 = (await storage.keys.list(NOW)).filter((key) => key.alg === 'ES256')
      const [first, second, third] = es256
      if (first === undefined || second === undefined || third === undefined)
        throw new Error('three expected')
      await storage.keys.retireBefore('ES256', second.kid, NOW + 2 * DAY, NOW + 320)
      const listed = await other.keys.list(NOW + 320)
      const now = listed.filter((key) => key.alg === 'ES256')
      expect(now[0]).toEqual({
        ...first,
        sealedPrivateJwk: null,
        retiredAt: NOW + 320,
        goneAt: NOW + 2 * DAY,
      })
      expect(now.slice(1)).toEqual([second, third])
      expect(listed.filter((key) => key.alg !== 'ES256').every((key) => key.retiredAt === null)).toBe(true)
      expect(await kids(NOW + 2 * DAY)).not.toContain(first.kid)
    })

    it('once compromised are gone at once, for one caller, and replaced', async () => {
      const [key] = (await storage.keys.list(NOW)).filter((item) => item.alg === 'RS256')
      const replacements = [aKey({ alg: 'RS256' }), aKey({ alg: 'RS256' })]
      const kid = key?.kid ?? ''
      const won = await atOnce(2, [storage, other], (at, index) =>
        at.keys.compromise(kid, replacements[index] ?? null, NOW + 400),
      )
      expect([...won].sort()).toEqual([false, true])
      const rsa = (await storage.keys.list(NOW + 400)).filter((item) => item.alg === 'RS256')
      expect(rsa).toEqual([replacements[won.indexOf(true)]])
      expect(await storage.keys.compromise('unknown', aKey(), NOW)).toBe(false)
    })

    it('are sealed anew only where nobody else has', async () => {
      const key = aKey({ alg: 'EdDSA', createdAt: NOW + 900, signsFrom: NOW + 900 })
      await storage.keys.compromise(
        (await storage.keys.list(NOW)).find((k) => k.alg === 'EdDSA')?.kid ?? '',
        key,
        NOW,
      )
      expect(await storage.keys.reseal(key.kid, 'another text', 'new')).toBe(false)
      expect(await storage.keys.reseal(key.kid, key.sealedPrivateJwk ?? '', 'new')).toBe(true)
      const found = (await storage.keys.list(NOW)).find((item) => item.kid === key.kid)
      expect(found?.sealedPrivateJwk).toBe('new')
    })
  })
}
