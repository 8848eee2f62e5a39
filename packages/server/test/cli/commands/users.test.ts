import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStorage } from '../../../src/storage/open.ts'
import { aHash, anIdentity, aSession } from '../../storage/contract/samples.ts'
import { cliOn, temporaryFolder } from '../doorward.ts'

const folder = await temporaryFolder()
const cli = cliOn(folder, ['--data', 'users'])
const password = 'correct horse battery staple'

describe('users create', () => {
  it('prints the account in the names of OpenID Connect Core §5.1, never its password', async () => {
    await cli.json(['roles', 'create', 'admin'])
    const flags = ['--name', 'Ada Lovelace', '--email-verified', '--role', 'admin', '--set', 'given_name=Ada']
    const more = ['--set', 'address={"locality":"London"}', '--password-stdin']
    const args = ['users', 'create', '--email', 'Ada@example.com', ...flags, ...more, '--json']
    const { code, stdout } = await cli.run(args, `${password}\n`)
    expect(code).toBe(0)
    expect(stdout).not.toContain(password)
    expect(stdout).not.toContain('argon2')
    expect(JSON.parse(stdout)).toEqual({
      sub: expect.stringMatching(/^u_[\w-]{22}$/),
      email: 'Ada@example.com',
      email_verified: true,
      name: 'Ada Lovelace',
      given_name: 'Ada',
      address: { locality: 'London' },
      roles: ['admin'],
      has_password: true,
      disabled: false,
      created_at: expect.any(Number),
      updated_at: expect.any(Number),
    })
  })

  it('refuses an e-mail that is taken in another spelling', async () => {
    const { code, stdout, stderr } = await cli.run([
      'users',
      'create',
      '--email',
      'ADA@EXAMPLE.COM',
      '--json',
    ])
    expect(stderr).toBe('error: An account with this e-mail exists already.\n')
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  it('refuses a short password without repeating it', async () => {
    const args = ['users', 'create', '--email', 'short@example.com', '--password-stdin']
    const { code, stderr } = await cli.run(args, 'hunter22\n')
    expect(stderr).toContain('too short')
    expect(stderr).not.toContain('hunter22')
    expect(code).toBe(1)
  })

  it('says that nobody can sign in yet where no password was given', async () => {
    const { code, stderr } = await cli.run(['users', 'create', '--email', 'later@example.com'])
    expect(stderr).toContain('doorward users set-password later@example.com')
    expect(code).toBe(0)
  })

  it('takes no claim that is not a standard one', async () => {
    const { code, stderr } = await cli.run([
      'users',
      'create',
      '--email',
      'x@example.com',
      '--set',
      'shoe_size=44',
    ])
    expect(stderr).toContain('given_name')
    expect(code).toBe(1)
  })
})

describe('users list and show', () => {
  it('show the same accounts, by e-mail in any case or by id', async () => {
    const list = await cli.json(['users', 'list'])
    expect(list).toHaveLength(2)
    const ada = await cli.json(['users', 'show', 'ada@EXAMPLE.com'])
    const { sign_in_methods: methods, ...listed } = Object(ada)
    expect(list).toContainEqual(listed)
    expect(methods).toEqual([{ type: 'password' }])
    expect(await cli.json(['users', 'show', listed.sub])).toEqual(ada)
  })

  it('show says with which accounts of providers somebody signs in', async () => {
    const { sub } = Object(await cli.json(['users', 'show', 'later@example.com']))
    const storage = await openStorage({ dataDir: join(folder, 'users') })
    const session = aSession(sub)
    await storage.sessions.insert(session, aHash())
    const identity = anIdentity(sub)
    expect(await storage.identities.insertInSession(identity, session.sid)).toBe('linked')
    await storage.close()
    const { id, provider, authority, subject, label, createdAt, lastUsedAt } = identity
    const wire = { id, provider, authority, subject, label, linked_at: createdAt, last_used_at: lastUsedAt }
    const show = ['users', 'show', 'later@example.com']
    expect(Object(await cli.json(show)).sign_in_methods).toEqual([{ type: 'provider', ...wire }])
    expect((await cli.run(show)).stdout).toMatch(/signs in with +example as ada@example\.com, linked 2027/)
  })

  it('list goes on behind an id', async () => {
    const first = await cli.json(['users', 'list', '--limit', '1'])
    const sub = Reflect.get(Object(first)[0], 'sub')
    const rest = await cli.json(['users', 'list', '--after', sub])
    const all = await cli.json(['users', 'list'])
    expect([...Object(first), ...Object(rest)]).toEqual(all)
  })

  it('prints a table for people, and the next step where there is nobody', async () => {
    const { stdout } = await cli.run(['users', 'list'])
    expect(stdout).toMatch(/^ID +EMAIL +NAME +STATE +CREATED\n/)
    expect(stdout).toMatch(/later@example\.com +no password/)
    const empty = await cliOn(folder, ['--data', 'empty']).run(['users', 'list'])
    expect(empty.stdout).toContain('doorward users create')
  })

  it('show of nobody exits with 1', async () => {
    const { code, stdout, stderr } = await cli.run(['users', 'show', 'nobody@example.com'])
    expect(stderr).toMatch(/^error: There is no account/)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})

describe('users set-password, disable, enable, delete', () => {
  it('set-password gives a password to who has none', async () => {
    const args = ['users', 'set-password', 'later@example.com', '--password-stdin']
    expect(await cli.json(args, password)).toMatchObject({ email: 'later@example.com', has_password: true })
  })

  it('disable and enable say the state, and repeating is fine', async () => {
    for (const verb of ['disable', 'disable', 'enable', 'enable']) {
      const user = await cli.json(['users', verb, 'later@example.com'])
      expect(user).toMatchObject({ disabled: verb === 'disable' })
    }
  })

  it('delete does not ask where nobody could answer', async () => {
    expect(await cli.json(['users', 'delete', 'later@example.com'])).toMatchObject({ deleted: true })
    const { code } = await cli.run(['users', 'delete', 'later@example.com'])
    expect(code).toBe(1)
  })
})

describe('users import', () => {
  const hash =
    '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Z7nBgqv5w6GDWmpGVQYbOzSVqLkEIB0Wb3fBxOWIgjY'

  it('adds the good lines, reports the others by line, and exits with 1', async () => {
    const lines = [
      { email: 'one@example.com', password, name: 'One', email_verified: true, roles: ['admin'] },
      'not json',
      { email: 'two@example.com', password_hash: hash, given_name: 'Two' },
      '',
      { email: 'ONE@example.com' },
      { email: 'three@example.com', password: 'hunter22' },
      { name: 'Nobody' },
      { email: 'four@example.com', password_hash: '$2b$10$abc' },
    ]
    const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
    await writeFile(join(folder, 'users.jsonl'), text)
    const { code, stdout, stderr } = await cli.run(['users', 'import', 'users.jsonl', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      imported: 2,
      failed: 5,
      problems: [{ line: 2 }, { line: 5 }, { line: 6 }, { line: 7 }, { line: 8 }],
    })
    expect(stderr).toMatch(/^line 2: .+\nline 5 \(ONE@example\.com\): .+\n/)
    expect(stderr).not.toContain('hunter22')
    expect(await cli.json(['users', 'show', 'one@example.com'])).toMatchObject({
      name: 'One',
      roles: ['admin'],
    })
    expect(await cli.json(['users', 'show', 'two@example.com'])).toMatchObject({
      has_password: true,
      given_name: 'Two',
    })
  })

  it('reads stdin for -, and exits with 0 where all went well', async () => {
    const { code, stdout } = await cli.run(['users', 'import', '-'], '{"email":"five@example.com"}\n')
    expect(stdout).toBe('1 imported, 0 failed.\n')
    expect(code).toBe(0)
  })

  it('says so where there is no such file, or nothing in it', async () => {
    const absent = await cli.run(['users', 'import', 'absent.jsonl'])
    expect(absent.stderr).toMatch(/^error: absent\.jsonl does not exist/)
    expect(absent.code).toBe(1)
    const empty = await cli.run(['users', 'import', '-'], '')
    expect(empty.code).toBe(1)
  })
})
