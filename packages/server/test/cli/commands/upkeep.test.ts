import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cliOn, temporaryFolder } from '../doorward.ts'

const folder = await temporaryFolder()

describe('migrate', () => {
  it('makes the tables once, and says what it did', async () => {
    const cli = cliOn(folder, ['--data', 'migrated'])
    const first = Object(await cli.json(['migrate']))
    expect(first.applied.length).toBeGreaterThan(0)
    expect(first.migrations).toEqual(first.applied)
    expect(await cli.json(['migrate'])).toEqual({ applied: [], migrations: first.migrations })
  })
})

describe('sweep', () => {
  it('says how many rows went', async () => {
    expect(await cliOn(folder, ['--data', 'swept']).json(['sweep'])).toEqual({ removed: 0 })
  })
})

describe('backup', () => {
  it('copies the database to a file that works as one, and never over another', async () => {
    const cli = cliOn(folder, ['--data', 'original'])
    await cli.json(['users', 'create', '--email', 'ada@example.com'])
    const copy = join(folder, 'copy.db')
    const made = Object(await cli.json(['backup', 'copy.db']))
    expect(made).toEqual({ file: copy, bytes: (await stat(copy)).size })

    const again = await cli.run(['backup', 'copy.db'])
    expect(again.code).toBe(1)
    expect(again.stderr).toMatch(/^error: /)

    await mkdir(join(folder, 'restored'))
    await rename(copy, join(folder, 'restored', 'doorward.db'))
    const restored = await cliOn(folder, ['--data', 'restored']).json(['users', 'list'])
    expect(restored).toMatchObject([{ email: 'ada@example.com' }])
  })
})

describe('a database that cannot be used', () => {
  it.each([
    ['a file instead of a folder', ['--data', 'file']],
    ['a URL that is none', ['--database-url', 'mysql://root:hunter2@db/x']],
    ['a server that is not there', ['--database-url', 'postgres://doorward:hunter2@127.0.0.1:1/doorward']],
  ])('%s: one sentence on stderr without the password, exit code 1', async (_title, flags) => {
    await writeFile(join(folder, 'file'), 'not a folder')
    const { code, stdout, stderr } = await cliOn(folder, flags).run(['users', 'list'])
    expect(stderr).toMatch(/^error: .+\n$/)
    expect(stderr).not.toContain('hunter2')
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})
