import { describe, expect, it } from 'vitest'
import { emailKey } from '../../../src/storage/email-key.ts'
import type { Given } from './backend.ts'
import { aHash, aSession, aUser, countUsers, findSession, isLive, mint, NOW, signIn } from './samples.ts'

export function describeUsers(given: Given): void {
  describe('users', () => {
    it('keeps a user as it was given', async () => {
      const { storage } = given()
      const user = aUser({ emailVerified: false, passwordHash: null, claims: { zoneinfo: 'Europe/Berlin' } })
      expect(await storage.users.insert(user)).toEqual(user)
      expect(await storage.users.findById(user.id)).toEqual(user)
      expect(await storage.users.findById('u_nobody')).toBeNull()
    })

    it('keeps times beyond 2038', async () => {
      const { storage } = given()
      const user = aUser({ createdAt: 4_102_444_800, updatedAt: 4_102_444_801 })
      await storage.users.insert(user)
      expect(await storage.users.findById(user.id)).toEqual(user)
    })

    it('takes an e-mail once, whatever its case and composition', async () => {
      const { storage } = given()
      const user = aUser({ email: `Zo\u00eb.${aUser().id}@Example.com` })
      await storage.users.insert(user)
      const again = aUser({ email: user.email.normalize('NFD').toUpperCase() })
      expect(await storage.users.insert(again)).toBeNull()
      expect(await storage.users.findById(again.id)).toBeNull()
      expect(await storage.users.findByEmailKey(emailKey(again.email))).toEqual(user)
    })

    it('stores a user together with roles, once each however often they are named', async () => {
      const { storage, other } = given()
      const user = aUser()
      const roles = [`a-${user.id}`, `b-${user.id}`]
      for (const role of roles) await storage.roles.insert(role, NOW)
      expect(await storage.users.insert(user, [...roles, ...roles])).toEqual(user)
      expect(await other.users.findById(user.id)).toEqual(user)
      expect((await other.roles.of({ kind: 'user', id: user.id }, 'r')).roles).toEqual(roles)
    })

    it('stores neither user nor roles where a role is missing or the e-mail is taken', async () => {
      const { storage } = given()
      const [user, present] = [aUser(), aUser()]
      const role = `a-${user.id}`
      await storage.roles.insert(role, NOW)
      await storage.users.insert(present)
      const taken = { ...user, email: present.email }
      expect(await storage.users.insert(user, [role, 'nobody-made-it'])).toBe('unknown-role')
      expect(await storage.users.insert(taken, [role, 'nobody-made-it'])).toBe('unknown-role')
      expect(await storage.users.insert(taken, [role])).toBeNull()
      expect(await storage.users.findById(user.id)).toBeNull()
      expect((await storage.roles.of({ kind: 'user', id: user.id }, 'r')).roles).toEqual([])
    })

    it('gives an e-mail to exactly one of several who ask at once', async () => {
      const { storage, other } = given()
      const email = `${aUser().id}@example.com`
      const users = Array.from({ length: 10 }, () => aUser({ email }))
      const answers = await Promise.all(
        users.map((user, at) => (at % 2 === 0 ? storage : other).users.insert(user)),
      )
      const winners = answers.filter((answer) => answer !== null)
      expect(winners).toHaveLength(1)
      expect(await storage.users.findByEmailKey(emailKey(email))).toEqual(winners[0])
    })

    it('lists in pages by id', async () => {
      const { storage } = given()
      const users = ['c', 'a', 'b'].map((letter) => aUser({ id: `u_zz${letter}${aUser().id}` }))
      for (const user of users) await storage.users.insert(user)
      const ids = users.map((user) => user.id).sort()
      const first = await storage.users.list({ after: 'u_zz', limit: 2 })
      expect(first.map((user) => user.id)).toEqual(ids.slice(0, 2))
      const rest = await storage.users.list({ after: ids[1] ?? null, limit: 2 })
      expect(rest.map((user) => user.id)).toEqual(ids.slice(2))
      expect(await storage.users.list({ after: null, limit: 1 })).toHaveLength(1)
    })

    it('counts', async () => {
      const { storage } = given()
      const before = await countUsers(storage)
      await storage.users.insert(aUser())
      expect(await countUsers(storage)).toBe(before + 1)
    })

    it('replaces a hash only while it is the expected one, and ends nothing', async () => {
      const { storage } = given()
      const { user, grant } = await signIn(storage)
      const { family } = await mint(storage, grant)
      expect(await storage.users.rehash(user.id, 'another', 'new', NOW)).toBe(false)
      expect(await storage.users.rehash(user.id, user.passwordHash ?? '', 'new', NOW + 1)).toBe(true)
      expect(await storage.users.findById(user.id)).toEqual({
        ...user,
        passwordHash: 'new',
        updatedAt: NOW + 1,
      })
      expect(await isLive(storage, family)).toBe(true)
    })

    it('ends sessions and families with a new password', async () => {
      const { storage, other } = given()
      const { user, idHash, grant } = await signIn(storage)
      const { family, seed } = await mint(storage, grant)
      expect(await other.users.setPassword(user.id, 'new', NOW + 5)).toBe(true)
      expect((await storage.users.findById(user.id))?.passwordHash).toBe('new')
      expect(await findSession(storage, idHash, NOW + 5)).toBeNull()
      expect((await storage.families.find(family.id))?.revokedAt).toBe(NOW + 5)
      expect(await isLive(storage, family)).toBe(false)
      const presented = await storage.refreshTokens.find(seed.hash, NOW + 5)
      expect(presented).toMatchObject({ family: { revokedAt: NOW + 5 }, session: null })
      expect(await storage.users.setPassword('u_nobody', 'new', NOW)).toBe(false)
    })

    it('disables with sessions and families, and enables without reviving them', async () => {
      const { storage } = given()
      const { user, idHash, grant } = await signIn(storage)
      const { family } = await mint(storage, grant)
      expect(await storage.users.disable(user.id, NOW + 5)).toBe(true)
      expect(await storage.users.disable(user.id, NOW + 6)).toBe(false)
      expect((await storage.users.findById(user.id))?.disabledAt).toBe(NOW + 5)
      expect(await isLive(storage, family)).toBe(false)
      expect(await storage.users.enable(user.id, NOW + 7)).toBe(true)
      expect(await storage.users.enable(user.id, NOW + 7)).toBe(false)
      expect((await storage.users.findById(user.id))?.disabledAt).toBeNull()
      expect(await findSession(storage, idHash, NOW + 8)).toBeNull()
      expect(await isLive(storage, family)).toBe(false)
    })

    it('has no live session for a disabled user', async () => {
      const { storage } = given()
      const user = aUser({ disabledAt: NOW })
      const idHash = aHash()
      await storage.users.insert(user)
      await storage.sessions.insert(aSession(user.id), idHash)
      expect(await findSession(storage, idHash)).toBeNull()
    })

    it('deletes a user with all that belongs to them', async () => {
      const { storage } = given()
      const { user, client, idHash, grant } = await signIn(storage)
      const { family, seed, code } = await mint(storage, grant)
      await storage.consents.remember(user.id, client.id, [{ resource: 'r', scope: 's' }], NOW)
      await storage.roles.insert(`role-${user.id}`, NOW)
      await storage.roles.grant(`role-${user.id}`, { kind: 'user', id: user.id }, NOW)
      expect(await storage.users.delete(user.id, NOW + 5)).toBe(true)
      expect(await storage.users.delete(user.id, NOW + 5)).toBe(false)
      expect(await storage.users.findById(user.id)).toBeNull()
      expect(await findSession(storage, idHash, NOW + 5)).toBeNull()
      expect(await storage.consents.find(user.id, client.id)).toEqual([])
      expect(await storage.families.find(family.id)).toBeNull()
      expect(await storage.refreshTokens.find(seed.hash, NOW + 5)).toBeNull()
      expect(await storage.codes.find(code.hash, NOW)).toBeNull()
      expect(await isLive(storage, family)).toBe(false)
      const roles = await storage.roles.of({ kind: 'user', id: user.id }, 'r')
      expect(roles).toEqual({ roles: [], permissions: [] })
    })
  })
}
