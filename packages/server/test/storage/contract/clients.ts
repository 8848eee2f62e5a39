import { describe, expect, it } from 'vitest'
import type { Given } from './backend.ts'
import { aClient, aCode, aFamily, aHash, aNext, isLive, mint, NOW, signIn, someMetadata } from './samples.ts'

export function describeClients(given: Given): void {
  describe('clients', () => {
    it('keeps a client as it was given, every member of its metadata', async () => {
      const { storage } = given()
      const metadata = someMetadata({
        post_logout_redirect_uris: ['https://app.example/out'],
        scope: 'openid email',
        contacts: ['ops@app.example'],
        default_max_age: 600,
        require_auth_time: true,
        backchannel_logout_uri: 'https://app.example/backchannel',
        trusted: true,
        first_party: true,
        pkce: 'optional',
        introspects: ['https://api.example'],
        default_resource: 'https://api.example',
        cors_origins: ['https://spa.example'],
      })
      const client = aClient({ metadata, secretHash: null })
      expect(await storage.clients.insert(client)).toEqual(client)
      expect(await storage.clients.find(client.id)).toEqual(client)
      expect(await storage.clients.find('nobody')).toBeNull()
    })

    it('takes an id once', async () => {
      const { storage } = given()
      const client = aClient()
      await storage.clients.insert(client)
      expect(await storage.clients.insert(aClient({ id: client.id }))).toBeNull()
      expect(await storage.clients.find(client.id)).toEqual(client)
    })

    it('lists in pages by id', async () => {
      const { storage } = given()
      const clients = ['b', 'a'].map((letter) => aClient({ id: `~~${letter}${aClient().id}` }))
      for (const client of clients) await storage.clients.insert(client)
      const page = await storage.clients.list({ after: '~~', limit: 1 })
      expect(page).toEqual([clients[1]])
      expect(await storage.clients.list({ after: page[0]?.id ?? null, limit: 5 })).toEqual([clients[0]])
    })

    it('sets a secret', async () => {
      const { storage } = given()
      const client = aClient()
      await storage.clients.insert(client)
      expect(await storage.clients.setSecret(client.id, aHash('new'), NOW + 1)).toBe(true)
      expect(await storage.clients.find(client.id)).toEqual({
        ...client,
        secretHash: aHash('new'),
        updatedAt: NOW + 1,
      })
      expect(await storage.clients.setSecret('nobody', aHash('new'), NOW)).toBe(false)
    })

    it('deletes a client with its families, consents, codes and role grants', async () => {
      const { storage, other } = given()
      const { user, client, grant } = await signIn(storage)
      const { family, seed, token } = await mint(storage, grant)
      const code = aCode(grant)
      const role = `role-${client.id}`
      await storage.codes.insert(code)
      await storage.consents.remember(user.id, client.id, [{ resource: 'r', scope: 's' }], NOW)
      await storage.roles.insert(role, NOW)
      await storage.roles.grant(role, { kind: 'client', id: client.id }, NOW)
      expect(await other.clients.delete(client.id, NOW)).toBe(true)
      expect(await storage.clients.delete(client.id, NOW)).toBe(false)
      expect(await storage.clients.find(client.id)).toBeNull()
      expect(await storage.codes.find(code.hash, NOW)).toBeNull()
      const minted = { family: aFamily(grant), refreshToken: null, generation: 0 }
      expect(await storage.codes.redeem(code.hash, minted, NOW)).toEqual({ kind: 'dead' })
      expect(await storage.families.find(family.id)).toBeNull()
      expect(await storage.refreshTokens.find(seed.hash, NOW)).toBeNull()
      expect(await storage.refreshTokens.rotate(token, aNext(), NOW)).toBe(false)
      expect(await isLive(storage, family)).toBe(false)
      expect(await storage.consents.find(user.id, client.id)).toEqual([])
      expect((await storage.roles.of({ kind: 'client', id: client.id }, 'r')).roles).toEqual([])
    })
  })
}
