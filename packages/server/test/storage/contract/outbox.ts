import { randomToken } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import type { Given } from './backend.ts'
import { aClient, aHash, aKey, aUser, mint, NOW, signIn, someMetadata } from './samples.ts'

export function describeOutbox(given: Given): void {
  describe('outbox', () => {
    /** What was announced of these subjects since a moment that no other test uses. */
    const announced = async (at: number, subjects: readonly string[]) =>
      (await given().other.outbox.read(at))
        .filter((entry) => subjects.includes(entry.subject))
        .map(({ kind, subject }) => [kind, subject])

    it('tells of changed clients, resources, roles and keys, oldest first', async () => {
      const { storage } = given()
      const now = NOW + 50_000
      const client = aClient({ createdAt: now })
      const [uri, role] = [`https://${randomToken(8)}.example`, `role-${randomToken(8)}`]
      const key = aKey({ createdAt: now, signsFrom: now + 300 })
      await storage.clients.insert(client)
      await storage.clients.setSecret(client.id, aHash('x'), now)
      const resource = {
        uri,
        name: null,
        scopes: ['s'],
        claims: [],
        accessTokenLifetime: null,
        signingAlg: null,
      }
      await storage.resources.insert({ ...resource, createdAt: now })
      await storage.roles.insert(role, now + 1)
      await storage.roles.allow(role, uri, 's', now + 1)
      await storage.roles.grant(role, { kind: 'client', id: client.id }, now + 1)
      await storage.roles.revoke(role, { kind: 'client', id: client.id }, now + 1)
      await storage.resources.delete(uri, now + 2)
      await storage.clients.delete(client.id, now + 2)
      await storage.keys.insertNext(key, now + 2)
      await storage.keys.compromise(key.kid, null, now + 3)
      const told = await announced(now, [client.id, uri, role, key.kid])
      expect(told).toEqual([
        ['client', client.id],
        ['client', client.id],
        ['resource', uri],
        ['role', role],
        ['role', role],
        ['role', role],
        ['role', role],
        ['resource', uri],
        ['client', client.id],
        ['keys', key.kid],
        ['keys', key.kid],
      ])
      expect(await announced(now + 3, [client.id, uri, role, key.kid])).toEqual([['keys', key.kid]])
    })

    it('tells of users and revocations, and of nothing that did not happen', async () => {
      const { storage } = given()
      const now = NOW + 60_000
      const { user, session, grant } = await signIn(storage, { session: { idleExpiresAt: now + 600 } })
      const { family } = await mint(storage, grant)
      const jti = randomToken(16)
      const subjects = [user.id, `sid:${session.sid}`, `family:${family.id}`, `jti:${jti}`]
      for (let times = 0; times < 2; times += 1) {
        await storage.families.revoke(family.id, now)
        await storage.accessTokens.revoke(jti, now + 60, now)
        await storage.sessions.end(session.sid, now)
        await storage.users.disable(user.id, now)
      }
      await storage.users.enable(user.id, now)
      await storage.users.delete(user.id, now)
      await storage.users.insert(aUser({ createdAt: now }))
      expect(await announced(now, subjects)).toEqual([
        ['revocation', `family:${family.id}`],
        ['revocation', `jti:${jti}`],
        ['revocation', `sid:${session.sid}`],
        ['user', user.id],
        ['user', user.id],
        ['user', user.id],
      ])
    })
  })

  describe('logout deliveries', () => {
    it('are leased, postponed and done', async () => {
      const { storage, other } = given()
      const now = NOW - 2_000_000
      const metadata = { backchannel_logout_uri: 'https://app.example/out' }
      const { session, client, grant } = await signIn(storage, {
        client: { metadata: someMetadata(metadata) },
      })
      await mint(storage, grant)
      await storage.sessions.end(session.sid, now)
      const mine = async (at: number) =>
        (await other.logoutDeliveries.take(100, 30, at)).filter((delivery) => delivery.sid === session.sid)
      const [first] = await mine(now)
      expect(first).toMatchObject({ clientId: client.id, attempts: 1, nextAttemptAt: now + 30 })
      expect(await mine(now + 29)).toEqual([])
      expect(await mine(now + 30)).toMatchObject([{ attempts: 2, nextAttemptAt: now + 60 }])
      await storage.logoutDeliveries.retryAt(first?.id ?? '', now + 500)
      expect(await mine(now + 499)).toEqual([])
      expect(await mine(now + 500)).toMatchObject([{ attempts: 3 }])
      await storage.logoutDeliveries.done(first?.id ?? '')
      expect(await mine(now + 5000)).toEqual([])
    })
  })
}
