import { describe, expect, it } from 'vitest'
import { emailKey } from '../../../src/storage/email-key.ts'
import type { Given } from './backend.ts'
import {
  aClient,
  aFamily,
  aHash,
  aSession,
  aTokenHash,
  aUser,
  DAY,
  findSession,
  isLive,
  mint,
  NOW,
  signIn,
  someMetadata,
} from './samples.ts'

export function describeSessions(given: Given): void {
  describe('sessions', () => {
    it('finds live sessions behind cookie ids, in their order', async () => {
      const { storage } = given()
      const user = aUser()
      await storage.users.insert(user)
      const hashes = Array.from({ length: 7 }, () => aHash())
      const sessions = hashes.map(() => aSession(user.id))
      for (const [at, session] of sessions.entries())
        await storage.sessions.insert(session, hashes[at] ?? aHash())
      const asked = [...hashes].reverse().toSpliced(2, 0, aHash())
      const found = await storage.sessions.findLive(asked, NOW)
      const expected = sessions.map((session, at) => ({ session, user, idHash: hashes[at] })).reverse()
      expect(found).toEqual(expected)
      expect(await storage.sessions.findLive([], NOW)).toEqual([])
    })

    it('stores a session dead that its user has outgrown since they proved who they are', async () => {
      const { storage } = given()
      const { users, sessions } = storage
      const user = aUser()
      await users.insert(user)
      const before = await users.findForSignIn(emailKey(user.email))
      await users.setPassword(user.id, 'the hash of another password', NOW)
      const after = await users.findForSignIn(emailKey(user.email))
      for (const [proven, live] of [
        [before, false],
        [after, true],
      ] as const) {
        const idHash = aHash()
        await sessions.insert({ ...aSession(user.id), generation: proven?.generation ?? -1 }, idHash)
        expect((await findSession(storage, idHash)) !== null).toBe(live)
      }
    })

    it('has a session live up to its idle and its absolute end', async () => {
      const { storage } = given()
      const { session, idHash, user } = await signIn(storage, {
        session: { idleExpiresAt: NOW + 100, expiresAt: NOW + 50 },
      })
      const capped = { ...session, idleExpiresAt: NOW + 50 }
      expect(await findSession(storage, idHash, NOW + 49)).toEqual({ session: capped, user, idHash })
      expect(await findSession(storage, idHash, NOW + 50)).toBeNull()
      const idle = await signIn(storage, { session: { idleExpiresAt: NOW + 10 } })
      expect(await findSession(storage, idle.idHash, NOW + 9)).not.toBeNull()
      expect(await findSession(storage, idle.idHash, NOW + 10)).toBeNull()
    })

    it('writes activity at most once a minute, and never past the absolute end', async () => {
      const { storage } = given()
      const { session, idHash } = await signIn(storage, {
        session: { idleExpiresAt: NOW + 1000, expiresAt: NOW + 2000 },
      })
      const seen = async () => (await findSession(storage, idHash, NOW + 60))?.session
      await storage.sessions.touch(session.sid, NOW + 1059, NOW + 59)
      expect(await seen()).toEqual(session)
      await storage.sessions.touch(session.sid, NOW + 1060, NOW + 60)
      expect(await seen()).toEqual({ ...session, lastSeenAt: NOW + 60, idleExpiresAt: NOW + 1060 })
      await storage.sessions.touch(session.sid, NOW + 9999, NOW + 500)
      expect(await seen()).toEqual({ ...session, lastSeenAt: NOW + 500, idleExpiresAt: NOW + 2000 })
    })

    it('does not revive by activity what has expired', async () => {
      const { storage } = given()
      const { session, idHash } = await signIn(storage, { session: { idleExpiresAt: NOW + 100 } })
      await storage.sessions.touch(session.sid, NOW + 900, NOW + 100)
      expect(await findSession(storage, idHash, NOW + 100)).toBeNull()
    })

    it('renews under a new cookie id and keeps the sid', async () => {
      const { storage } = given()
      const { user, grant } = await signIn(storage)
      const session = aSession(user.id)
      const [before, after] = [aHash(), aHash()]
      await storage.sessions.insert(session, before)
      const authentication = { authTime: NOW + 5, acr: 'aal2', amr: ['pwd', 'otp'] }
      const limits = { idleExpiresAt: NOW + 2 * DAY, expiresAt: NOW + DAY }
      const renewed = await storage.sessions.renew(
        session.sid,
        { idHash: after, ...authentication, ...limits },
        NOW + 6,
      )
      expect(renewed).toEqual({
        ...session,
        ...authentication,
        lastSeenAt: NOW + 6,
        idleExpiresAt: NOW + DAY,
        expiresAt: NOW + DAY,
      })
      expect(await storage.sessions.findLive([before], NOW + 6)).toEqual([])
      expect(await storage.sessions.findLive([after], NOW + 6)).toMatchObject([{ session: renewed }])
      const { family } = await mint(storage, { ...grant, sid: session.sid, offline: false })
      expect(await isLive(storage, family)).toBe(true)
    })

    it('renews only what is live', async () => {
      const { storage } = given()
      const { session } = await signIn(storage)
      const { authTime, acr, amr, idleExpiresAt, expiresAt } = session
      const renew = (sid: string, now: number) =>
        storage.sessions.renew(sid, { idHash: aHash(), authTime, acr, amr, idleExpiresAt, expiresAt }, now)
      expect(await renew('unknown', NOW)).toBeNull()
      expect(await renew(session.sid, session.idleExpiresAt)).toBeNull()
      await storage.sessions.end(session.sid, NOW)
      expect(await renew(session.sid, NOW)).toBeNull()
    })

    it('ends once, with families without offline_access and access tokens of the sid (Back-Channel Logout §2.7)', async () => {
      const { storage, other } = given()
      const { session, idHash, grant } = await signIn(storage)
      const offline = await mint(storage, grant)
      const online = await mint(storage, { ...grant, offline: false })
      expect(await isLive(storage, offline.family, { sid: session.sid })).toBe(true)
      const ended = await Promise.all([storage, other].map((at) => at.sessions.end(session.sid, NOW + 5)))
      expect(ended.sort()).toEqual([false, true])
      expect(await findSession(storage, idHash, NOW + 5)).toBeNull()
      expect(await isLive(storage, online.family)).toBe(false)
      expect((await storage.families.find(online.family.id))?.revokedAt).toBe(NOW + 5)
      expect(await isLive(storage, offline.family, { sid: session.sid })).toBe(false)
      expect(await isLive(storage, offline.family)).toBe(true)
      expect((await storage.families.find(offline.family.id))?.revokedAt).toBeNull()
    })

    it('counts a session that has expired as ended', async () => {
      const { storage } = given()
      const { session } = await signIn(storage, { session: { idleExpiresAt: NOW + 10 } })
      expect(await storage.sessions.end(session.sid, NOW + 10)).toBe(false)
      expect(await storage.sessions.end('unknown', NOW)).toBe(false)
    })

    it('queues one logout for each client of the session that hears of it (Back-Channel Logout §2.5)', async () => {
      const { storage, other } = given()
      const now = NOW - 1000
      const hearing = { metadata: someMetadata({ backchannel_logout_uri: 'https://app.example/out' }) }
      const { session, user, client, grant } = await signIn(storage, { client: hearing })
      const deaf = aClient()
      const second = aClient(hearing)
      for (const item of [deaf, second]) await storage.clients.insert(item)
      await mint(storage, grant)
      const online = await mint(storage, { ...grant, offline: false })
      await mint(storage, { ...grant, clientId: deaf.id })
      const revoked = await mint(storage, { ...grant, clientId: second.id })
      await storage.families.revoke(revoked.family.id, NOW)
      expect(online.family.grant.clientId).toBe(client.id)
      await storage.sessions.end(session.sid, now)
      const taken = await Promise.all(
        Array.from({ length: 4 }, (_, at) =>
          (at % 2 === 0 ? storage : other).logoutDeliveries.take(10, 60, now),
        ),
      )
      const mine = taken.flat().filter((delivery) => delivery.sid === session.sid)
      expect(mine.map((delivery) => delivery.clientId).sort()).toEqual([client.id, second.id].sort())
      expect(mine[0]).toMatchObject({ userId: user.id, attempts: 1, nextAttemptAt: now + 60 })
    })

    it('opens session, family and token of first-party sign-in at once', async () => {
      const { storage } = given()
      const { user, client, grant } = await signIn(storage)
      const session = aSession(user.id)
      const family = aFamily({ ...grant, clientId: client.id, sid: session.sid, offline: false })
      const seed = { hash: aTokenHash(), expiresAt: NOW + DAY }
      await storage.families.insertWithSession(session, aHash(), family, seed)
      expect(await storage.families.find(family.id)).toEqual(family)
      expect(await storage.refreshTokens.find(seed.hash, NOW)).toMatchObject({ family, session, user })
      expect(await isLive(storage, family, { sid: session.sid })).toBe(true)
    })
  })
}
