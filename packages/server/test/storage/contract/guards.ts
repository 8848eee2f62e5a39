import { randomToken } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import type { Limit } from '../../../src/storage/ports.ts'
import type { Given } from './backend.ts'
import { aHash, atOnce, NOW } from './samples.ts'

const aLimit = (own: Partial<Limit> = {}): Limit => ({
  key: randomToken(8),
  max: 3,
  windowSeconds: 600,
  ...own,
})

export function describeReplays(given: Given): void {
  describe('replays', () => {
    it('let a jti of an issuer through once, on two connections', async () => {
      const { storage, other } = given()
      const [issuer, jti] = [randomToken(8), randomToken(8)]
      const first = await atOnce(50, [storage, other], (at) => at.replays.insertOnce(issuer, jti, NOW + 60))
      expect(first.filter(Boolean)).toHaveLength(1)
      expect(await storage.replays.insertOnce(issuer, `${jti}x`, NOW + 60)).toBe(true)
      expect(await storage.replays.insertOnce(`${issuer}x`, jti, NOW + 60)).toBe(true)
    })

    it('keep issuer and jti apart, whatever they hold', async () => {
      const { storage } = given()
      const base = randomToken(8)
      expect(await storage.replays.insertOnce(`${base}"`, '","x', NOW + 60)).toBe(true)
      expect(await storage.replays.insertOnce(`${base}","`, '"x', NOW + 60)).toBe(true)
      expect(await storage.replays.insertOnce(base, 'j'.repeat(5000), NOW + 60)).toBe(true)
    })
  })
}

export function describeLimits(given: Given): void {
  describe('limits', () => {
    it('let as many through as there is room for, and say how long to wait', async () => {
      const { storage } = given()
      const limit = aLimit()
      for (const at of [0, 10, 20]) expect(await storage.limits.take([limit], NOW + at)).toBeNull()
      expect(await storage.limits.take([limit], NOW + 30)).toBe(570)
      expect(await storage.limits.wait([limit], NOW + 30)).toBe(570)
      expect(await storage.limits.wait([aLimit()], NOW)).toBeNull()
      expect(await storage.limits.wait([], NOW)).toBeNull()
    })

    it('begin anew when their window is over', async () => {
      const { storage } = given()
      const limit = aLimit({ max: 1 })
      await storage.limits.take([limit], NOW)
      expect(await storage.limits.take([limit], NOW + 599)).toBe(1)
      expect(await storage.limits.wait([limit], NOW + 600)).toBeNull()
      expect(await storage.limits.take([limit], NOW + 600)).toBeNull()
      expect(await storage.limits.take([limit], NOW + 601)).toBe(599)
    })

    it('count nowhere where one of several is taken', async () => {
      const { storage } = given()
      const [narrow, wide] = [aLimit({ max: 1, windowSeconds: 60 }), aLimit({ max: 2 })]
      expect(await storage.limits.take([wide, narrow], NOW)).toBeNull()
      for (let times = 0; times < 5; times += 1)
        expect(await storage.limits.take([wide, narrow], NOW)).toBe(60)
      expect(await storage.limits.take([wide], NOW)).toBeNull()
      expect(await storage.limits.take([wide], NOW)).toBe(600)
      expect(await storage.limits.wait([wide, narrow], NOW)).toBe(600)
    })

    it('never give the last place twice, on two connections', async () => {
      const { storage, other } = given()
      const [account, address] = [aLimit({ max: 10 }), aLimit({ max: 100 })]
      const answers = await atOnce(50, [storage, other], (at, index) =>
        at.limits.take(index % 3 === 0 ? [account, address] : [address, account], NOW),
      )
      expect(answers.filter((wait) => wait === null)).toHaveLength(10)
      expect(answers.filter((wait) => wait !== null).every((wait) => wait === 600)).toBe(true)
      const rest = await atOnce(95, [storage, other], (at) => at.limits.take([address], NOW))
      expect(rest.filter((wait) => wait === null)).toHaveLength(90)
    })

    it('after a success forget one and give the other back', async () => {
      const { storage } = given()
      const [pair, address] = [aLimit({ max: 1 }), aLimit({ max: 1 })]
      await storage.limits.take([pair, address], NOW)
      await storage.limits.settle({ clear: [pair.key], release: [address.key, 'unknown'] })
      expect(await storage.limits.take([pair, address], NOW)).toBeNull()
      await storage.limits.settle({ clear: [], release: [address.key] })
      await storage.limits.settle({ clear: [], release: [address.key] })
      expect(await storage.limits.take([address], NOW)).toBeNull()
      expect(await storage.limits.take([address], NOW)).toBe(600)
      expect(await storage.limits.take([pair], NOW)).toBe(600)
    })
  })
}

export function describeKeptRequests(given: Given): void {
  describe('kept requests', () => {
    it('are found for their endpoint until they expire', async () => {
      const { storage, other } = given()
      const request = {
        hash: aHash(),
        endpoint: 'authorize',
        form: 'a=b&c=d',
        expiresAt: NOW + 300,
      } as const
      expect(await storage.keptRequests.insert(request, NOW)).toBe(true)
      expect(await other.keptRequests.find(request.hash, 'authorize', NOW + 299)).toEqual(request)
      expect(await other.keptRequests.find(request.hash, 'logout', NOW)).toBeNull()
      expect(await other.keptRequests.find(request.hash, 'authorize', NOW + 300)).toBeNull()
    })
  })
}
