import { describe, expect, it } from 'vitest'
import type { Given } from './backend.ts'
import { aNext, aToken, aTokenHash, atOnce, DAY, findSession, isLive, mint, NOW, signIn } from './samples.ts'

const nobodys = { hash: aTokenHash(), familyId: 'unknown' }

type Ended = {
  readonly storage: ReturnType<Given>['storage']
  readonly familyId: string
  readonly sid: string
  readonly userId: string
  readonly clientId: string
}

export function describeRefreshTokens(given: Given): void {
  describe('families', () => {
    it('are revoked once', async () => {
      const { storage } = given()
      const { grant } = await signIn(storage)
      const { family } = await mint(storage, grant)
      expect(await storage.families.revoke(family.id, NOW + 1)).toBe(true)
      expect(await storage.families.revoke(family.id, NOW + 2)).toBe(false)
      expect(await storage.families.find(family.id)).toEqual({ ...family, revokedAt: NOW + 1 })
      expect(await storage.families.revoke('unknown', NOW)).toBe(false)
    })
  })

  describe('refresh tokens', () => {
    it('rotate: the old one keeps how it leads to the next', async () => {
      const { storage, other } = given()
      const { grant } = await signIn(storage)
      const { family, seed, token } = await mint(storage, grant)
      const next = aNext()
      expect(await storage.refreshTokens.rotate(token, next, NOW + 10)).toBe(true)
      const old = await other.refreshTokens.find(seed.hash, NOW + 10)
      expect(old?.token).toMatchObject({ rotatedAt: NOW + 10, successor: next.successor })
      const fresh = await other.refreshTokens.find(next.token.hash, NOW + 10)
      expect(fresh?.token).toEqual({
        hash: next.token.hash,
        familyId: family.id,
        createdAt: NOW + 10,
        expiresAt: next.token.expiresAt,
        rotatedAt: null,
        successor: null,
      })
    })

    it('rotate for exactly one of 50 at once, on two connections (RFC 9700 §4.14.2)', async () => {
      const { storage, other } = given()
      const { grant } = await signIn(storage)
      const { seed, token } = await mint(storage, grant)
      const nexts = Array.from({ length: 50 }, () => aNext())
      const won = await atOnce(50, [storage, other], (at, index) =>
        at.refreshTokens.rotate(token, nexts[index] ?? aNext(), NOW + 1),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
      const winner = nexts[won.indexOf(true)]
      const old = await storage.refreshTokens.find(seed.hash, NOW + 1)
      expect(old?.token.successor).toEqual(winner?.successor)
      const stored = await Promise.all(
        nexts.map((next) => storage.refreshTokens.find(next.token.hash, NOW + 1)),
      )
      const found = stored.flatMap((presented) => presented?.token.hash ?? [])
      expect(found).toEqual([winner?.token.hash])
    })

    it('rotate 50 chains at once without touching each other', async () => {
      const { storage, other } = given()
      const { grant } = await signIn(storage)
      const minted = await atOnce(50, [storage, other], (at) => mint(at, grant))
      const won = await atOnce(50, [storage, other], (at, index) =>
        at.refreshTokens.rotate(minted[index]?.token ?? nobodys, aNext(), NOW + 1),
      )
      expect(won).toEqual(Array.from({ length: 50 }, () => true))
    })

    it.each([
      ['has expired', async () => undefined, NOW + 30 * DAY],
      ['belongs to a family that has expired', async () => undefined, NOW + 20 * DAY],
      [
        'belongs to a revoked family',
        async ({ storage, familyId }: Ended) => storage.families.revoke(familyId, NOW),
        NOW,
      ],
      [
        'belongs to a disabled user',
        async ({ storage, userId }: Ended) => storage.users.disable(userId, NOW),
        NOW,
      ],
      [
        'belongs to a deleted user',
        async ({ storage, userId }: Ended) => storage.users.delete(userId, NOW),
        NOW,
      ],
      [
        'has a user with a new password',
        async ({ storage, userId }: Ended) => storage.users.setPassword(userId, 'x', NOW),
        NOW,
      ],
      [
        'belongs to a deleted client',
        async ({ storage, clientId }: Ended) => storage.clients.delete(clientId, NOW),
        NOW,
      ],
    ])('do not rotate where one %s', async (_why, end, now) => {
      const { storage } = given()
      const { grant } = await signIn(storage)
      const { family, token } = await mint(storage, grant, { expiresAt: NOW + 20 * DAY })
      await end({ storage, familyId: family.id, ...grant })
      const next = aNext()
      expect(await storage.refreshTokens.rotate(token, next, now)).toBe(false)
      expect(await storage.refreshTokens.find(next.token.hash, now)).toBeNull()
    })

    it('live by their session without offline_access, and beyond it with', async () => {
      const { storage } = given()
      const { session, grant } = await signIn(storage)
      const online = await mint(storage, { ...grant, offline: false })
      const offline = await mint(storage, grant)
      const next = aNext()
      expect(await storage.refreshTokens.rotate(online.token, next, NOW + 1)).toBe(true)
      await storage.sessions.end(session.sid, NOW + 2)
      expect(await storage.refreshTokens.rotate(aToken(online.family, next.token), aNext(), NOW + 3)).toBe(
        false,
      )
      expect(await storage.refreshTokens.rotate(offline.token, aNext(), NOW + 3)).toBe(true)
      expect(await isLive(storage, offline.family)).toBe(true)
    })

    it('without offline_access end with a session that expires', async () => {
      const { storage } = given()
      const { grant } = await signIn(storage, { session: { idleExpiresAt: NOW + 100 } })
      const { seed, family, token } = await mint(storage, { ...grant, offline: false })
      expect(await isLive(storage, family, { now: NOW + 99 })).toBe(true)
      expect(await isLive(storage, family, { now: NOW + 100 })).toBe(false)
      expect((await storage.refreshTokens.find(seed.hash, NOW + 100))?.session).toBeNull()
      expect(await storage.refreshTokens.rotate(token, aNext(), NOW + 100)).toBe(false)
    })

    it('count as activity of the session, at most once a minute', async () => {
      const { storage } = given()
      const { session, idHash, grant } = await signIn(storage)
      const { family, token } = await mint(storage, grant)
      const used = { ...session, idleExpiresAt: NOW + 13 * 3600 }
      const [young, old] = [
        { ...aNext(), session: used },
        { ...aNext(), session: used },
      ]
      await storage.refreshTokens.rotate(token, young, NOW + 59)
      expect((await findSession(storage, idHash, NOW + 59))?.session).toEqual(session)
      await storage.refreshTokens.rotate(aToken(family, young.token), old, NOW + 60)
      expect((await findSession(storage, idHash, NOW + 60))?.session).toEqual({
        ...session,
        lastSeenAt: NOW + 60,
        idleExpiresAt: used.idleExpiresAt,
      })
    })

    it('are not found where there is none', async () => {
      const { storage } = given()
      expect(await storage.refreshTokens.find(aTokenHash(), NOW)).toBeNull()
      expect(await storage.refreshTokens.rotate(nobodys, aNext(), NOW)).toBe(false)
    })

    it('do not rotate into another family', async () => {
      const { storage } = given()
      const { grant } = await signIn(storage)
      const [one, other] = [await mint(storage, grant), await mint(storage, grant)]
      const [mixed, next] = [aToken(other.family, one.seed), aNext()]
      expect(await storage.refreshTokens.rotate(mixed, next, NOW + 1)).toBe(false)
      expect(await storage.refreshTokens.find(next.token.hash, NOW + 1)).toBeNull()
      expect(await storage.refreshTokens.rotate(one.token, aNext(), NOW + 1)).toBe(true)
    })
  })
}
