import { randomToken } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import type { Storage } from '../../../src/storage/ports.ts'
import type { Resource } from '../../../src/storage/records.ts'
import type { Given } from './backend.ts'
import { aClient, aUser, NOW } from './samples.ts'

const aResource = (own: Partial<Resource> = {}): Resource => ({
  uri: `https://${randomToken(8)}.example`,
  name: 'Orders',
  scopes: ['orders:read', 'orders:write'],
  claims: ['email'],
  accessTokenLifetime: 3600,
  signingAlg: 'EdDSA',
  createdAt: NOW,
  ...own,
})

async function aRole(storage: Storage): Promise<string> {
  const name = `role-${randomToken(8)}`
  expect(await storage.roles.insert(name, NOW)).toBe(true)
  return name
}

export function describeResources(given: Given): void {
  describe('resources', () => {
    it('keeps a resource as it was given, and its URI once', async () => {
      const { storage } = given()
      const resource = aResource()
      const bare = aResource({
        name: null,
        accessTokenLifetime: null,
        signingAlg: null,
        scopes: [],
        claims: [],
      })
      expect(await storage.resources.insert(resource)).toEqual(resource)
      expect(await storage.resources.insert(bare)).toEqual(bare)
      expect(await storage.resources.insert(aResource({ uri: resource.uri }))).toBeNull()
      expect(await storage.resources.find(resource.uri)).toEqual(resource)
      expect(await storage.resources.list()).toEqual(expect.arrayContaining([resource, bare]))
      expect(await storage.resources.find('https://nowhere.example')).toBeNull()
    })

    it('takes the permissions at a resource away with it', async () => {
      const { storage } = given()
      const resource = aResource()
      const name = await aRole(storage)
      await storage.resources.insert(resource)
      await storage.roles.allow(name, resource.uri, 'orders:read', NOW)
      expect(await storage.resources.delete(resource.uri, NOW)).toBe(true)
      expect(await storage.resources.delete(resource.uri, NOW)).toBe(false)
      const role = (await storage.roles.list()).find((item) => item.name === name)
      expect(role).toEqual({ name, permissions: [], holders: [] })
    })
  })
}

export function describeRoles(given: Given): void {
  describe('roles', () => {
    it('allows what a resource knows, and says which part is missing', async () => {
      const { storage } = given()
      const resource = aResource()
      const name = await aRole(storage)
      await storage.resources.insert(resource)
      expect(await storage.roles.insert(name, NOW)).toBe(false)
      expect(await storage.roles.allow('nobody', resource.uri, 'orders:read', NOW)).toBe('unknown-role')
      expect(await storage.roles.allow(name, 'https://no.example', 'orders:read', NOW)).toBe(
        'unknown-resource',
      )
      expect(await storage.roles.allow(name, resource.uri, 'orders:drop', NOW)).toBe('unknown-permission')
      expect(await storage.roles.allow(name, resource.uri, 'orders:read', NOW)).toBe('ok')
      expect(await storage.roles.allow(name, resource.uri, 'orders:read', NOW)).toBe('ok')
      const role = (await storage.roles.list()).find((item) => item.name === name)
      expect(role?.permissions).toEqual([{ resource: resource.uri, permission: 'orders:read' }])
    })

    it('grants to users and clients that are there, and revokes once', async () => {
      const { storage } = given()
      const name = await aRole(storage)
      const [user, client] = [aUser(), aClient()]
      await storage.users.insert(user)
      await storage.clients.insert(client)
      const [person, program] = [
        { kind: 'user', id: user.id } as const,
        { kind: 'client', id: client.id } as const,
      ]
      expect(await storage.roles.grant('nobody', person, NOW)).toBe('unknown-role')
      expect(await storage.roles.grant(name, { kind: 'client', id: user.id }, NOW)).toBe('unknown-holder')
      expect(await storage.roles.grant(name, person, NOW)).toBe('ok')
      expect(await storage.roles.grant(name, person, NOW)).toBe('ok')
      expect(await storage.roles.grant(name, program, NOW)).toBe('ok')
      const role = (await storage.roles.list()).find((item) => item.name === name)
      expect(role?.holders).toEqual([program, person])
      expect(await storage.roles.revoke(name, person, NOW)).toBe(true)
      expect(await storage.roles.revoke(name, person, NOW)).toBe(false)
      expect((await storage.roles.of(person, 'x')).roles).toEqual([])
    })

    it('answers roles, and what they allow at one resource, sorted and once', async () => {
      const { storage } = given()
      const [orders, stock] = [aResource(), aResource()]
      const names = [await aRole(storage), await aRole(storage)].sort()
      const user = aUser()
      await storage.users.insert(user)
      for (const resource of [orders, stock]) await storage.resources.insert(resource)
      for (const name of names) {
        await storage.roles.grant(name, { kind: 'user', id: user.id }, NOW)
        await storage.roles.allow(name, orders.uri, 'orders:write', NOW)
      }
      await storage.roles.allow(names[0] ?? '', orders.uri, 'orders:read', NOW)
      const holder = { kind: 'user', id: user.id } as const
      expect(await storage.roles.of(holder, orders.uri)).toEqual({
        roles: names,
        permissions: ['orders:read', 'orders:write'],
      })
      expect(await storage.roles.of(holder, stock.uri)).toEqual({ roles: names, permissions: [] })
    })
  })
}
