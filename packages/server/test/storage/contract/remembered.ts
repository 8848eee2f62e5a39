import { randomToken } from '@doorward/core/crypto'
import { describe, expect, it, vi } from 'vitest'
import type { Storage } from '../../../src/storage/ports.ts'
import type { Resource } from '../../../src/storage/records.ts'
import { type RememberingStorage, rememberRegistrations } from '../../../src/storage/remembered.ts'
import type { Given } from './backend.ts'
import { aClient, aHash, NOW } from './samples.ts'

const aResource = (): Resource => ({
  uri: `https://${randomToken(8)}.example`,
  name: null,
  scopes: ['read', 'write'],
  claims: [],
  accessTokenLifetime: null,
  signingAlg: null,
  createdAt: NOW,
})

/** A storage that counts what is read from it. */
function counting(storage: Storage) {
  const reads = { clients: 0, resources: 0, roles: 0 }
  const counted: Storage = {
    ...storage,
    clients: { ...storage.clients, find: (id) => count('clients', () => storage.clients.find(id)) },
    resources: { ...storage.resources, list: () => count('resources', () => storage.resources.list()) },
    roles: { ...storage.roles, of: (...args) => count('roles', () => storage.roles.of(...args)) },
  }
  const count = <T>(noun: keyof typeof reads, read: () => Promise<T>): Promise<T> => {
    reads[noun] += 1
    return read()
  }
  return { counted, reads }
}

/** What every token request asks. */
async function ask({ storage }: RememberingStorage, client: string, resource: string) {
  const [found, resources, { roles, permissions }] = [
    await storage.clients.find(client),
    await storage.resources.list(),
    await storage.roles.of({ kind: 'client', id: client }, resource),
  ]
  const known = resources.some(({ uri }) => uri === resource)
  return { secret: found?.secretHash ?? null, known, roles, permissions }
}

export function describeRemembered(given: Given, shows: 'at once' | 'with the news'): void {
  describe('remembered registrations', () => {
    const start = async () => {
      const { storage, other } = given()
      const { counted, reads } = counting(storage)
      const memory = rememberRegistrations(counted)
      const [client, resource, role] = [aClient(), aResource(), `role-${randomToken(8)}`]
      await other.clients.insert(client)
      await other.resources.insert(resource)
      await other.roles.insert(role, NOW)
      await other.roles.allow(role, resource.uri, 'read', NOW)
      /** What the next request finds, once this process can have heard. */
      const next = async (since: number) => {
        // Others may write to the place meanwhile: what they changed is asked for in a turn of its own.
        await new Promise(setImmediate)
        if (shows === 'with the news') (await storage.outbox.read(since)).forEach(memory.onNews)
        return ask(memory, client.id, resource.uri)
      }
      return { memory, other, reads, client, resource, role, next }
    }

    it('are read once', async () => {
      const { memory, reads, client, resource } = await start()
      const first = await ask(memory, client.id, resource.uri)
      expect(first).toEqual({ secret: client.secretHash, known: true, roles: [], permissions: [] })
      const before = { ...reads }
      for (let round = 0; round < 3; round += 1) {
        expect(await ask(memory, client.id, resource.uri)).toEqual(first)
      }
      expect(reads).toEqual(before)
    })

    it('follow each write through the same storage at once', async () => {
      const { memory, client, resource, role } = await start()
      const now = () => ask(memory, client.id, resource.uri)
      const { clients, resources, roles } = memory.storage
      await now()
      await clients.setSecret(client.id, aHash('new'), NOW)
      expect(await now()).toMatchObject({ secret: aHash('new') })
      await roles.grant(role, { kind: 'client', id: client.id }, NOW)
      expect(await now()).toMatchObject({ roles: [role], permissions: ['read'] })
      await roles.allow(role, resource.uri, 'write', NOW)
      expect(await now()).toMatchObject({ permissions: ['read', 'write'] })
      await roles.revoke(role, { kind: 'client', id: client.id }, NOW)
      expect(await now()).toMatchObject({ roles: [], permissions: [] })
      await resources.delete(resource.uri, NOW)
      expect(await now()).toMatchObject({ known: false })
      await resources.insert(resource)
      expect(await now()).toMatchObject({ known: true })
      await clients.delete(client.id, NOW)
      expect(await now()).toMatchObject({ secret: null })
    })

    it(`follow each write of another process ${shows}`, async () => {
      const { other, client, resource, role, next } = await start()
      const at = NOW + 90_000
      await next(at)
      await other.clients.setSecret(client.id, aHash('new'), at)
      expect(await next(at)).toMatchObject({ secret: aHash('new') })
      await other.roles.grant(role, { kind: 'client', id: client.id }, at)
      expect(await next(at)).toMatchObject({ roles: [role], permissions: ['read'] })
      await other.resources.delete(resource.uri, at)
      expect(await next(at)).toMatchObject({ known: false, permissions: [] })
      await other.resources.insert({ ...resource, createdAt: at })
      expect(await next(at)).toMatchObject({ known: true })
      await other.clients.delete(client.id, at)
      expect(await next(at)).toMatchObject({ secret: null, roles: [] })
    })

    it('of a client are gone with it: another one may be made under the same id', async () => {
      const { other, client, role, next } = await start()
      const at = NOW + 95_000
      await other.roles.grant(role, { kind: 'client', id: client.id }, at)
      expect(await next(at)).toMatchObject({ roles: [role] })
      await other.clients.delete(client.id, at)
      await other.clients.insert({ ...client, secretHash: aHash('another') })
      expect(await next(at)).toEqual({
        secret: aHash('another'),
        known: true,
        roles: [],
        permissions: [],
      })
    })

    it('are not relied on while no news comes', async () => {
      const { memory, reads, client, resource } = await start()
      memory.onHeard()
      vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2_500)
      await ask(memory, client.id, resource.uri)
      await ask(memory, client.id, resource.uri)
      vi.restoreAllMocks()
      expect(reads).toEqual({ clients: 2, resources: 2, roles: 2 })
    })

    it('are forgotten whole when asked to', async () => {
      const { memory, reads, client, resource } = await start()
      await ask(memory, client.id, resource.uri)
      const before = { ...reads }
      memory.forget()
      await ask(memory, client.id, resource.uri)
      expect(reads).toEqual({
        clients: before.clients + 1,
        resources: before.resources + 1,
        roles: before.roles + 1,
      })
    })

    it('do not keep that somebody is not there', async () => {
      const { memory, other } = await start()
      const client = aClient()
      expect(await memory.storage.clients.find(client.id)).toBeNull()
      await other.clients.insert(client)
      expect(await memory.storage.clients.find(client.id)).toEqual(client)
    })

    it('do not keep what was read before a change and came after it', async () => {
      const { storage, other } = given()
      const client = aClient()
      await other.clients.insert(client)
      const late = Promise.withResolvers<void>()
      let slow = true
      const find = async (id: string) => {
        const found = await storage.clients.find(id)
        if (slow) await late.promise
        return found
      }
      const memory = rememberRegistrations({ ...storage, clients: { ...storage.clients, find } })
      const early = memory.storage.clients.find(client.id)
      await memory.storage.clients.setSecret(client.id, aHash('new'), NOW)
      slow = false
      late.resolve()
      await early
      expect((await memory.storage.clients.find(client.id))?.secretHash).toBe(aHash('new'))
    })
  })
}
