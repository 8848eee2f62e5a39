import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase } from '../../../../tests/support/postgres.ts'
import { cliOn, doorward, temporaryFolder } from './doorward.ts'

const folder = await temporaryFolder()
let database: Awaited<ReturnType<typeof createDatabase>>

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const create = (email: string, flags: readonly string[]) =>
  doorward(['users', 'create', '--email', email, ...flags], { cwd: folder })

const emails = async (
  flags: readonly string[],
  env: Record<string, string> = {},
): Promise<readonly string[]> => {
  const { stdout } = await doorward(['users', 'list', '--json', ...flags], { cwd: folder, env })
  const users: readonly { email: string }[] = JSON.parse(stdout)
  return users.map((user) => user.email).sort()
}

describe('which database a command works on', () => {
  it('PostgreSQL by --database-url, for several first runs at once', async () => {
    const flags = ['--database-url', database.url]
    const runs = await Promise.all(['a', 'b', 'c'].map((name) => create(`${name}@postgres.example`, flags)))
    expect(runs.map(({ code, stderr }) => [code, stderr.includes('error')])).toEqual(
      runs.map(() => [0, false]),
    )
    expect(await emails(flags)).toHaveLength(3)
  })

  it('PostgreSQL by DOORWARD_DATABASE_URL, unless --data names a folder', async () => {
    const env = { DOORWARD_DATABASE_URL: database.url }
    expect(await emails([], env)).toHaveLength(3)
    expect(await emails(['--data', 'other'], env)).toEqual([])
  })

  it('else the folder ./.doorward', async () => {
    await create('ada@folder.example', [])
    expect(await emails([])).toEqual(['ada@folder.example'])
    expect(await emails(['--data', './.doorward'])).toEqual(['ada@folder.example'])
  })
})

describe('on PostgreSQL', () => {
  it('start asks for DOORWARD_SECRET, which every process needs, and says how to make one', async () => {
    const args = ['start', '--port', '0', '--database-url', database.url]
    const { code, stdout, stderr } = await doorward(args, { cwd: folder })
    expect(stderr).toContain('DOORWARD_SECRET is not set')
    expect(stderr).toContain('openssl rand')
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  it('backup refuses and names pg_dump', async () => {
    const { code, stderr } = await cliOn(folder, ['--database-url', database.url]).run(['backup', 'x.db'])
    expect(stderr).toContain('pg_dump')
    expect(code).toBe(1)
  })
})
