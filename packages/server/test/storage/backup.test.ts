import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStorage } from '../../src/storage/open.ts'
import { mint, NOW, signIn } from './contract/samples.ts'
import { createSqlitePlace } from './sqlite-place.ts'

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
const failure = (opened: Promise<unknown>) =>
  opened.then(
    () => null,
    (error: unknown) => error,
  )

describe('a backup', () => {
  let place: Awaited<ReturnType<typeof createSqlitePlace>>
  beforeEach(async () => {
    place = await createSqlitePlace()
  })
  afterEach(() => place.remove())

  it('is a copy of a database that is being written, as of one moment', async () => {
    const storage = await place.open()
    const other = await place.open()
    const { grant } = await signIn(storage)
    let writing = true
    const minted: Awaited<ReturnType<typeof mint>>[] = []
    const writer = (async () => {
      while (writing) minted.push(await mint(other, grant))
    })()
    while (minted.length < 50) await new Promise((resolve) => setImmediate(resolve))
    const copyFolder = `${place.dataDir}-copy`
    await mkdir(copyFolder)
    const copy = join(copyFolder, 'doorward.db')
    await storage.maintenance.backup(copy)
    writing = false
    await writer
    await Promise.all([storage.close(), other.close()])
    expect(await mode(copy)).toBe('600')
    const restored = await openStorage({ dataDir: copyFolder })
    const found = await Promise.all(minted.map(({ family }) => restored.families.find(family.id)))
    const upTo = found.findLastIndex((family) => family !== null)
    expect(upTo).toBeGreaterThanOrEqual(49)
    // One moment: everything up to it is whole, and nothing after it is there.
    expect(found.slice(0, upTo + 1).every((family) => family !== null)).toBe(true)
    for (const { seed } of minted.slice(0, upTo + 1)) {
      expect(await restored.refreshTokens.find(seed.hash, NOW)).not.toBeNull()
    }
    await restored.close()
  })

  it('overwrites nothing, and needs its folder', async () => {
    const storage = await place.open()
    const target = join(place.dataDir, 'there')
    await writeFile(target, 'precious')
    expect(await failure(storage.maintenance.backup(target))).toMatchObject({ code: 'exists' })
    expect(await readFile(target, 'utf8')).toBe('precious')
    const nowhere = join(place.dataDir, 'no', 'folder', 'copy.db')
    expect(await failure(storage.maintenance.backup(nowhere))).toMatchObject({ code: 'unavailable' })
    await storage.close()
  })
})
