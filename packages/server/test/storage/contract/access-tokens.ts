import { randomToken } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import type { AccessTokenFacts } from '../../../src/storage/ports.ts'
import type { Given } from './backend.ts'
import { aClient, mint, NOW, signIn } from './samples.ts'

export function describeAccessTokens(given: Given): void {
  describe('access tokens', () => {
    it('of client_credentials live while their client is there and their jti is not revoked', async () => {
      const { storage } = given()
      const client = aClient()
      await storage.clients.insert(client)
      const facts = (): AccessTokenFacts => ({
        jti: randomToken(16),
        familyId: null,
        sid: null,
        userId: null,
        clientId: client.id,
      })
      const [one, two] = [facts(), facts()]
      expect(await storage.accessTokens.isLive(one, NOW)).toBe(true)
      await storage.accessTokens.revoke(one.jti, NOW + 600, NOW)
      await storage.accessTokens.revoke(one.jti, NOW + 600, NOW)
      expect(await storage.accessTokens.isLive(one, NOW)).toBe(false)
      expect(await storage.accessTokens.isLive(two, NOW)).toBe(true)
      await storage.clients.delete(client.id, NOW)
      expect(await storage.accessTokens.isLive(two, NOW)).toBe(false)
    })

    it('of a family fall one by one by jti, and all with the family', async () => {
      const { storage } = given()
      const { session, grant } = await signIn(storage)
      const { family } = await mint(storage, grant)
      const facts = (jti: string): AccessTokenFacts => ({
        jti: `${family.id}.${jti}`,
        familyId: family.id,
        sid: session.sid,
        userId: grant.userId,
        clientId: grant.clientId,
      })
      await storage.accessTokens.revoke(facts('one').jti, NOW + 600, NOW)
      expect(await storage.accessTokens.isLive(facts('one'), NOW)).toBe(false)
      expect(await storage.accessTokens.isLive(facts('two'), NOW)).toBe(true)
      await storage.families.revoke(family.id, NOW)
      expect(await storage.accessTokens.isLive(facts('two'), NOW)).toBe(false)
    })

    it('do not outlive their family, their user or their session', async () => {
      const { storage } = given()
      const { session, grant } = await signIn(storage, { session: { idleExpiresAt: NOW + 50 } })
      const { family } = await mint(storage, grant, { expiresAt: NOW + 100 })
      const facts: AccessTokenFacts = {
        jti: `${family.id}.x`,
        familyId: family.id,
        sid: session.sid,
        userId: grant.userId,
        clientId: grant.clientId,
      }
      expect(await storage.accessTokens.isLive(facts, NOW + 49)).toBe(true)
      expect(await storage.accessTokens.isLive(facts, NOW + 50)).toBe(false)
      expect(await storage.accessTokens.isLive({ ...facts, sid: null }, NOW + 99)).toBe(true)
      expect(await storage.accessTokens.isLive({ ...facts, sid: null }, NOW + 100)).toBe(false)
      expect(await storage.accessTokens.isLive({ ...facts, familyId: 'unknown', sid: null }, NOW)).toBe(false)
      expect(await storage.accessTokens.isLive({ ...facts, userId: 'u_nobody', sid: null }, NOW)).toBe(false)
    })
  })
}
