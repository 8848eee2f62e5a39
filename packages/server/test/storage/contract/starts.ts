import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrationStatus } from '../../../src/storage/open.ts'
import { StorageError } from '../../../src/storage/storage-error.ts'
import { programVersion } from '../../../src/version.ts'
import type { Backend, Place } from './backend.ts'
import { aUser, countUsers } from './samples.ts'

export function describeStarts(backend: Backend): void {
  describe('starts', () => {
    let place: Place
    beforeEach(async () => {
      place = await backend.createPlace()
    })
    afterEach(() => place.remove())

    it('make the tables, once, and say who did', async () => {
      const before = await migrationStatus(place.target)
      expect(before).toMatchObject({ applied: [], writtenBy: null })
      expect(before.pending.length).toBeGreaterThan(0)
      await (await place.open()).close()
      const after = await migrationStatus(place.target)
      expect(after).toEqual({ applied: before.pending, pending: [], writtenBy: programVersion() })
      await (await place.open()).close()
      expect(await migrationStatus(place.target)).toEqual(after)
    })

    it('succeed when many come first at once', async () => {
      const storages = await Promise.all(Array.from({ length: 8 }, () => place.open()))
      const users = await Promise.all(storages.map((storage) => storage.users.insert(aUser())))
      expect(users.every((user) => user !== null)).toBe(true)
      for (const storage of storages) expect(await countUsers(storage)).toBe(8)
      await Promise.all(storages.map((storage) => storage.close()))
    })

    it('refuse a database of a newer program, and say which to run', async () => {
      await (await place.open()).close()
      await place.run("INSERT INTO migrations (name, timestamp) VALUES ('9999_of_tomorrow', 'x')")
      await place.run("UPDATE meta SET value = '99.1.0' WHERE name = 'written_by'")
      const refused = await place.open().catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(StorageError)
      expect(refused).toMatchObject({ code: 'newer_schema' })
      expect(String(refused)).toContain('Run doorward 99.1.0 or newer')
      expect((await migrationStatus(place.target)).applied).toContain('9999_of_tomorrow')
    })

    it('answer a ping', async () => {
      const storage = await place.open()
      await expect(storage.maintenance.ping()).resolves.toBeUndefined()
      await storage.close()
    })
  })
}
