import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config/errors.ts'
import { findSecrets, splitSecrets } from '../../src/keys/secret-source.ts'

const given = 'x'.repeat(32)

describe('findSecrets', () => {
  let dataDir = ''
  beforeEach(async () => {
    dataDir = join(await mkdtemp(join(tmpdir(), 'doorward-secret-')), 'data')
  })
  afterEach(() => rm(join(dataDir, '..'), { recursive: true }))

  it('makes a file that only its owner reads, and finds it again', async () => {
    const made = await findSecrets({ given: null, dataDir })
    expect(await findSecrets({ given: null, dataDir })).toEqual(made)
    expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o600)
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700)
    expect(await readdir(dataDir)).toEqual(['secret'])
    expect(made[0]).toHaveLength(43)
  })

  it('hides a file that was copied for all to read', async () => {
    const made = await findSecrets({ given: null, dataDir })
    await chmod(join(dataDir, 'secret'), 0o644)
    expect(await findSecrets({ given: null, dataDir })).toEqual(made)
    expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o640)
  })

  it('agrees on one secret when many first starts come at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => findSecrets({ given: null, dataDir })))
    expect(new Set(all.map(([secret]) => secret)).size).toBe(1)
    expect(await readdir(dataDir)).toEqual(['secret'])
  })

  it('puts what was given first; the file still opens what it once sealed', async () => {
    const [file] = await findSecrets({ given: null, dataDir })
    expect(await findSecrets({ given, dataDir })).toEqual([given, file])
  })

  it('makes no file where a secret was given', async () => {
    expect(await findSecrets({ given, dataDir })).toEqual([given])
    await expect(readdir(dataDir)).rejects.toThrow(/ENOENT/)
  })

  it('says what to set where there is neither secret nor folder', async () => {
    await expect(findSecrets({ given: null, dataDir: null })).rejects.toThrow(
      /DOORWARD_SECRET is not set.*openssl rand/s,
    )
  })

  it('refuses a file that was cut off instead of making another secret', async () => {
    await findSecrets({ given: null, dataDir })
    await writeFile(join(dataDir, 'secret'), 'short')
    await expect(findSecrets({ given: null, dataDir })).rejects.toThrow(ConfigError)
    expect(await readFile(join(dataDir, 'secret'), 'utf8')).toBe('short')
  })
})

describe('splitSecrets', () => {
  const other = 'y'.repeat(40)

  it.each([`${given},${other}`, `${given} ${other}`, ` ${given} ,\n${other}\n`])(
    'splits at commas and white space',
    (text) => {
      expect(splitSecrets(text)).toEqual([given, other])
    },
  )

  it('takes an empty variable for none', () => {
    expect(splitSecrets('')).toEqual([])
  })

  it('refuses a short secret without repeating it', () => {
    expect(() => splitSecrets('hunter2')).toThrow(/needs 32 characters/)
    expect(() => splitSecrets('hunter2')).not.toThrow(/hunter2/)
  })
})
