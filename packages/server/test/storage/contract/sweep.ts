import { randomToken } from '@doorward/core/crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Storage } from '../../../src/storage/ports.ts'
import type { Backend, Place } from './backend.ts'
import { aCode, aHash, aKey, aNext, aUser, DAY, mint, NOW, signIn, someMetadata } from './samples.ts'

const TABLES = [
  'sessions',
  'codes',
  'families',
  'refresh_tokens',
  'revoked_access_tokens',
  'signing_keys',
  'replays',
  'limits',
  'kept_requests',
  'logout_deliveries',
  'outbox',
  'client_removals',
  'consents',
] as const

export function describeSweep(backend: Backend): void {
  describe('sweep', () => {
    let place: Place
    let storage: Storage
    beforeAll(async () => {
      place = await backend.createPlace()
      storage = await place.open()
    })
    afterEach(() => place.empty())
    afterAll(async () => {
      await storage.close()
      await place.remove()
    })

    /** One batch of each kind: how many of each went. */
    const sweepEach = async (at: Storage, now: number, batch: number): Promise<readonly number[]> => {
      const each: number[] = []
      for (const sweep of at.maintenance.sweeps) each.push((await sweep(now, batch)).gone)
      return each
    }
    const sweepOnce = async (at: Storage, now: number, batch: number): Promise<number> =>
      (await sweepEach(at, now, batch)).reduce((sum, gone) => sum + gone, 0)
    const sweepAll = async (now: number, batch = 1000): Promise<number> => {
      for (let total = 0; ; ) {
        const gone = await sweepOnce(storage, now, batch)
        if (gone === 0) return total
        total += gone
      }
    }
    const left = async () => {
      const counts = TABLES.map(async (table) => {
        const [found] = await place.run(`SELECT count(*) AS n FROM ${table}`)
        return [table, Number(found?.n)] as const
      })
      return Object.fromEntries((await Promise.all(counts)).filter(([, count]) => count > 0))
    }

    it('leaves what is of use', async () => {
      const { grant, user, client } = await signIn(storage)
      const { token } = await mint(storage, grant)
      const next = aNext()
      await storage.refreshTokens.rotate(token, next, NOW + 1)
      await storage.codes.insert(aCode(grant))
      await storage.consents.remember(user.id, client.id, [{ resource: 'r', scope: 's' }], NOW)
      await storage.keys.insertFirst(aKey())
      await storage.limits.take([{ key: 'k', max: 1, windowSeconds: 600 }], NOW)
      await storage.replays.insertOnce('i', 'j', NOW + 60)
      const before = await left()
      expect(await sweepAll(NOW + 30)).toBe(0)
      expect(await left()).toEqual(before)
      expect(await storage.refreshTokens.find(next.token.hash, NOW + 30)).not.toBeNull()
    })

    it('takes everything in the end, in batches', async () => {
      const hearing = { metadata: someMetadata({ backchannel_logout_uri: 'https://app.example/out' }) }
      for (let times = 0; times < 7; times += 1) {
        const { session, grant, user, client } = await signIn(storage, { client: hearing })
        const { token } = await mint(storage, grant)
        await storage.refreshTokens.rotate(token, aNext(), NOW + 1)
        await storage.consents.remember(user.id, client.id, [{ resource: 'r', scope: 's' }], NOW)
        if (times % 2 === 0) await storage.sessions.end(session.sid, NOW)
        await storage.clients.delete(client.id, NOW)
        await storage.replays.insertOnce('i', randomToken(8), NOW + 60)
        await storage.limits.take([{ key: randomToken(8), max: 1, windowSeconds: 600 }], NOW)
        await storage.accessTokens.revoke(randomToken(8), NOW + 60, NOW)
        const kept = { hash: aHash(), endpoint: 'logout', form: '', expiresAt: NOW + 300 } as const
        await storage.keptRequests.insert(kept, NOW)
      }
      const [old, current] = [aKey(), aKey({ signsFrom: NOW + 1 })]
      await storage.keys.insertFirst(old)
      await storage.keys.insertNext(current, NOW)
      await storage.keys.retireBefore('ES256', current.kid, NOW + DAY, NOW + 2)
      expect(Object.keys(await left())).toEqual([...TABLES])
      expect(Math.max(...(await sweepEach(storage, NOW + 400 * DAY, 2)))).toBe(2)
      await sweepAll(NOW + 400 * DAY, 2)
      expect(await left()).toEqual({ signing_keys: 1 })
    })

    it('keeps a consumed code for a day after its expiry, to see a replay', async () => {
      const { grant } = await signIn(storage)
      const { code } = await mint(storage, grant)
      await sweepAll(code.expiresAt + DAY - 1)
      expect(await storage.codes.find(code.hash, NOW)).not.toBeNull()
      await sweepAll(code.expiresAt + DAY)
      expect(await storage.codes.find(code.hash, NOW)).toBeNull()
    })

    it('keeps a rotated refresh token to its own end, to see late reuse (RFC 9700 §4.14.2)', async () => {
      const { grant } = await signIn(storage)
      const { seed, family, token } = await mint(storage, grant)
      const next = aNext({ expiresAt: NOW + 40 * DAY })
      await storage.refreshTokens.rotate(token, next, NOW + DAY)
      await sweepAll(seed.expiresAt - 1)
      expect((await storage.refreshTokens.find(seed.hash, NOW + 20 * DAY))?.token.rotatedAt).toBe(NOW + DAY)
      await sweepAll(seed.expiresAt)
      expect(await storage.refreshTokens.find(seed.hash, NOW)).toBeNull()
      expect(await storage.refreshTokens.find(next.token.hash, NOW)).not.toBeNull()
      await sweepAll(next.token.expiresAt)
      expect(await storage.families.find(family.id)).not.toBeNull()
      await sweepAll(next.token.expiresAt + DAY)
      expect(await storage.families.find(family.id)).toBeNull()
    })

    it('ends what lived by a session that expired', async () => {
      const { session, grant } = await signIn(storage)
      const online = await mint(storage, { ...grant, offline: false })
      const offline = await mint(storage, grant)
      await sweepAll(session.idleExpiresAt)
      expect(await left()).toMatchObject({ families: 1 })
      expect(await storage.families.find(online.family.id)).toBeNull()
      expect(await storage.families.find(offline.family.id)).toEqual(offline.family)
    })

    it('keeps a revoked family while its session may still tell the client of its end', async () => {
      const { session, grant } = await signIn(storage)
      const { family } = await mint(storage, grant)
      await storage.families.revoke(family.id, NOW + 5)
      await sweepAll(NOW + 10)
      expect((await storage.families.find(family.id))?.revokedAt).toBe(NOW + 5)
      await storage.sessions.end(session.sid, NOW + 20)
      await sweepAll(NOW + 20)
      expect(await storage.families.find(family.id)).toBeNull()
    })

    it('passes by clients whose last requests may still be storing something', async () => {
      const left = await signIn(storage)
      await storage.consents.remember(left.user.id, left.client.id, [{ resource: 'r', scope: 's' }], NOW)
      await storage.clients.delete(left.client.id, NOW)
      for (let times = 0; times < 30; times += 1) {
        const { client } = await signIn(storage)
        await storage.clients.delete(client.id, NOW + 1)
      }
      await sweepAll(NOW + 599)
      expect(await place.run('SELECT * FROM consents')).toHaveLength(1)
      await sweepAll(NOW + 600)
      expect(await place.run('SELECT * FROM consents')).toEqual([])
      expect(await place.run('SELECT * FROM client_removals')).toHaveLength(30)
    })

    it('says for how long it was in the way of others, and for how long it may be', async () => {
      await storage.accessTokens.revoke(randomToken(8), NOW + 60, NOW)
      for (const sweep of storage.maintenance.sweeps) {
        const { workMs, heldMs } = await sweep(NOW + 60, 10)
        expect(heldMs).toBeGreaterThanOrEqual(workMs)
      }
      expect(storage.maintenance.sweepMs).toBeGreaterThan(0)
    })

    it('shares the work with another node that sweeps at the same time', async () => {
      const users = Array.from({ length: 30 }, () => aUser())
      for (const user of users) await storage.users.insert(user)
      for (const user of users) await storage.accessTokens.revoke(`of-${user.id}`, NOW + 60, NOW)
      const other = await place.open()
      const gone = await Promise.all([storage, other].map((at) => sweepOnce(at, NOW + 60, 1000)))
      expect(gone.reduce((sum, count) => sum + count, 0)).toBe(30)
      await other.close()
    })
  })
}
