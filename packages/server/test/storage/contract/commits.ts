import { randomToken } from '@doorward/core/crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { AroundCommit } from '../../../src/storage/statement.ts'
import { StorageError } from '../../../src/storage/storage-error.ts'
import type { Backend, Place } from './backend.ts'
import { aHash, aSession, atOnce, aUser, countUsers, findSession, mint, signIn } from './samples.ts'

/** A promise and what settles it. */
const latch = () => Promise.withResolvers<void>()

/** Long enough for everything that is ready to have run. */
const turns = async (): Promise<void> => {
  for (let times = 0; times < 5; times += 1) await new Promise((resolve) => setImmediate(resolve))
}

export function describeCommits(backend: Backend): void {
  describe('commits', () => {
    let place: Place
    beforeAll(async () => {
      place = await backend.createPlace()
    })
    afterEach(() => place.empty())
    afterAll(() => place.remove())

    it('come before the answer: a write that is not on disk is neither answered nor seen', async () => {
      const [reached, release] = [latch(), latch()]
      const aroundCommit: AroundCommit = async (commit) => {
        reached.resolve()
        await release.promise
        await commit()
      }
      const storage = await place.open({ aroundCommit })
      const observer = await place.open()
      const user = aUser()
      const events: string[] = []
      const written = storage.users.insert(user).then(() => events.push('answered'))
      await reached.promise
      await turns()
      expect(await observer.users.findById(user.id)).toBeNull()
      const seen = storage.users
        .findById(user.id)
        .then((found) => events.push(found === null ? 'unseen' : 'seen'))
      await turns()
      expect(events).not.toContain('answered')
      expect(events).not.toContain('seen')
      release.resolve()
      await Promise.all([written, seen])
      expect(await observer.users.findById(user.id)).toEqual(user)
      await Promise.all([storage.close(), observer.close()])
    })

    it('that fail reject every write that waited for them, and leave nothing', async () => {
      let broken = true
      const aroundCommit: AroundCommit = (commit) => {
        if (broken) throw new Error('the disk is gone')
        return commit()
      }
      const storage = await place.open({ aroundCommit })
      const users = Array.from({ length: 5 }, () => aUser())
      const answers = await Promise.allSettled(users.map((user) => storage.users.insert(user)))
      for (const answer of answers) {
        expect(answer.status === 'rejected' && answer.reason instanceof StorageError).toBe(true)
      }
      expect(await countUsers(storage)).toBe(0)
      broken = false
      expect(await storage.users.insert(users[0] ?? aUser())).not.toBeNull()
      expect(await countUsers(storage)).toBe(1)
      await storage.close()
    })

    it('that are left out reject too', async () => {
      const storage = await place.open({ aroundCommit: () => {} })
      await expect(storage.users.insert(aUser())).rejects.toThrow(StorageError)
      expect(await countUsers(storage)).toBe(0)
      await storage.close()
    })

    it('take a verb whole: one that fails leaves nothing, and harms none beside it', async () => {
      const storage = await place.open()
      const user = aUser()
      await storage.users.insert(user)
      const taken = aHash()
      await storage.sessions.insert(aSession(user.id), taken)
      const { grant } = await signIn(storage)
      const minted = await mint(storage, grant)
      const [session, idHash] = [aSession(user.id), aHash()]
      const family = { ...minted.family, id: randomToken(12) }
      const users = Array.from({ length: 6 }, () => aUser())
      const [failed, ...beside] = await Promise.allSettled([
        // The refresh token's hash is taken: the verb's last statement fails after session and family are stored.
        storage.families.insertWithSession(session, idHash, family, minted.seed),
        ...users.map((item) => storage.users.insert(item)),
      ])
      expect(failed?.status).toBe('rejected')
      expect(failed?.status === 'rejected' && failed.reason).toBeInstanceOf(StorageError)
      expect(beside.every((answer) => answer.status === 'fulfilled')).toBe(true)
      for (const item of users) expect(await storage.users.findById(item.id)).toEqual(item)
      expect(await findSession(storage, idHash)).toBeNull()
      expect(await storage.families.find(family.id)).toBeNull()
      await storage.close()
    })

    it('let what waits be written before the storage closes, and nothing after', async () => {
      const storage = await place.open()
      const users = Array.from({ length: 20 }, () => aUser())
      const written = Promise.all(users.map((user) => storage.users.insert(user)))
      await turns()
      await storage.close()
      expect(await written).toEqual(users)
      await expect(storage.users.insert(aUser())).rejects.toMatchObject({ code: 'unavailable' })
      await expect(countUsers(storage)).rejects.toMatchObject({ code: 'unavailable' })
      await storage.close()
      const again = await place.open()
      expect(await countUsers(again)).toBe(20)
      await again.close()
    })

    it('hold under many writers at once', async () => {
      const [storage, other] = [await place.open(), await place.open()]
      const users = await atOnce(200, [storage, other], (at) => at.users.insert(aUser()))
      expect(users.every((user) => user !== null)).toBe(true)
      expect(await countUsers(other)).toBe(200)
      await Promise.all([storage.close(), other.close()])
    })
  })
}
