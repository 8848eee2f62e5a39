import { randomToken } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import { aRow } from '../../../../client/test/stores/samples.ts'
import { describeVault } from '../../../../client/test/stores/vault-contract.ts'
import type { Given } from './backend.ts'
import { anIdentity, aUser, NOW } from './samples.ts'

/** The client's contract of a vault, on rows that belong to identities; and what the server adds. */
export function describeConnections(given: Given): void {
  describe('connections', () => {
    const newRef = async () => {
      const user = aUser()
      const identity = anIdentity(user.id)
      await given().storage.identities.insertWithUser(identity, user)
      return identity.id
    }
    describeVault(() => {
      const { storage, other } = given()
      return { vault: storage.connections, other: other.connections, newRef }
    })

    it('that were refused go, but not those that a sign-in gave meanwhile', async () => {
      const { storage, other } = given()
      const row = aRow({ ref: await newRef() })
      await storage.connections.put(row)
      await other.connections.put(aRow({ ref: row.ref }))
      expect(await storage.connections.deleteVersion(row.ref, row.version)).toBe(false)
      expect(await storage.connections.find(row.ref)).not.toBeNull()
      expect(await storage.connections.deleteVersion(row.ref, row.version + 1)).toBe(true)
      expect(await other.connections.find(row.ref)).toBeNull()
    })

    it('go with their identity, and with its user', async () => {
      const { storage, other } = given()
      const user = aUser()
      const [one, two] = [anIdentity(user.id), anIdentity(user.id)]
      await storage.identities.insertWithUser(one, user)
      expect(await storage.identities.insertForOwner(two, { user, generation: 0 })).toBe(true)
      for (const { id } of [one, two]) await storage.connections.put(aRow({ ref: id }))
      expect(await other.identities.delete(one.id, user.id, [two.id])).toBe('deleted')
      expect(await storage.connections.find(one.id)).toBeNull()
      expect(await storage.connections.find(two.id)).not.toBeNull()
      await other.users.delete(user.id, NOW)
      expect(await storage.connections.find(two.id)).toBeNull()
      await storage.connections.put(aRow({ ref: two.id }))
      expect(await storage.connections.find(two.id)).toBeNull()
    })

    it('are kept for nobody who is not there', async () => {
      const { storage } = given()
      const row = aRow({ ref: randomToken(16) })
      await storage.connections.put(row)
      expect(await storage.connections.find(row.ref)).toBeNull()
    })

    it('that nobody can refresh and that have expired are swept, the others stay', async () => {
      const { storage } = given()
      const [old, alive] = [aRow({ ref: await newRef(), expiresAt: NOW }), aRow({ ref: await newRef() })]
      for (const row of [old, alive]) await storage.connections.put(row)
      for (const sweep of storage.maintenance.sweeps) await sweep(NOW, 1_000)
      expect(await storage.connections.find(old.ref)).toBeNull()
      expect(await storage.connections.find(alive.ref)).toEqual(alive)
    })
  })
}
