import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/identity/input-error.ts'
import { createRoleManagement } from '../../src/management/roles.ts'
import { createUserManagement, type ImportedUser } from '../../src/management/users.ts'
import { NOW, testDeps } from '../support/deps.ts'

const PASSWORD = 'correct horse battery'

async function open() {
  const deps = await testDeps()
  return { deps, users: createUserManagement(deps), roles: createRoleManagement(deps) }
}

describe('users', () => {
  it('makes an account and shows nothing of its password', async () => {
    const { deps, users } = await open()
    const user = await users.create({
      email: ' Ada@Example.com',
      password: PASSWORD,
      name: 'Ada',
      claims: { locale: 'en' },
    })
    expect(user).toMatchObject({
      email: 'Ada@Example.com',
      emailVerified: false,
      hasPassword: true,
      claims: { name: 'Ada', locale: 'en' },
      createdAt: NOW,
    })
    expect(user.id).toMatch(/^u_[\w-]{22}$/)
    expect(JSON.stringify([user, await users.list(), deps.events])).not.toMatch(/argon2|correct horse/)
    const { passwordHash } = (await deps.storage.users.findById(user.id)) ?? {}
    expect(await deps.passwords.verify(passwordHash ?? null, PASSWORD)).toBe('match')
  })

  it('finds an account by id and by any spelling of its e-mail', async () => {
    const { users } = await open()
    const { id } = await users.create({ email: 'ada@example.com' })
    expect((await users.show('ADA@example.COM')).id).toBe(id)
    expect((await users.show(id)).id).toBe(id)
    expect(await users.find('nobody@example.com')).toBeNull()
  })

  it.each([
    [{ email: 'ada@example.com' }, 'taken', 'email'],
    [{ email: 'ada' }, 'invalid', 'email'],
    [{ email: 'b@example.com', password: 'short' }, 'invalid', 'password'],
    [{ email: 'b@example.com', passwordHash: '$2b$10$abc' }, 'invalid', 'passwordHash'],
    [
      {
        email: 'b@example.com',
        passwordHash: `$argon2id$v=19$m=9999999,t=1,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`,
      },
      'invalid',
      'passwordHash',
    ],
    [{ email: 'b@example.com', claims: { admin: 'yes' } }, 'invalid', 'claims'],
    [{ email: 'b@example.com', roles: ['nobody-made-it'] }, 'unknown', 'roles'],
  ])('refuses %o', async (input, kind, field) => {
    const { users } = await open()
    await users.create({ email: 'Ada@example.com' })
    await expect(users.create(input)).rejects.toMatchObject({ name: 'InputError', kind, field })
    expect(await users.list()).toHaveLength(1)
  })

  it('gives the roles it was told to', async () => {
    const { deps, users, roles } = await open()
    await roles.create('member')
    const { id } = await users.create({ email: 'ada@example.com', roles: ['member'] })
    expect((await deps.storage.roles.of({ kind: 'user', id }, 'x')).roles).toEqual(['member'])
  })

  it('sets a password, disables, enables and deletes, each on record', async () => {
    const { deps, users } = await open()
    const { id } = await users.create({ email: 'ada@example.com' })
    await users.setPassword('ada@example.com', PASSWORD)
    expect((await users.show(id)).hasPassword).toBe(true)
    await users.disable(id)
    expect((await users.show(id)).disabledAt).toBe(NOW)
    await users.enable(id)
    expect((await users.show(id)).disabledAt).toBeNull()
    await users.delete(id)
    expect(await users.find(id)).toBeNull()
    expect(deps.events.map(({ event }) => event)).toEqual([
      'user.created',
      'user.password_set',
      'user.disabled',
      'user.enabled',
      'user.deleted',
    ])
  })

  it.each(['show', 'disable', 'enable', 'delete'] as const)(
    '%s says that there is no such account',
    async (verb) => {
      const { users } = await open()
      await expect(users[verb]('nobody@example.com')).rejects.toThrow(InputError)
    },
  )

  it('imports what can be imported and says why not for the rest', async () => {
    const { deps, users } = await open()
    const passwordHash = await deps.passwords.hash(PASSWORD)
    const results: ImportedUser[] = []
    const all = [
      { email: 'a@example.com', passwordHash },
      { email: 'A@example.com' },
      { email: 'broken' },
      { email: 'b@example.com' },
    ]
    for await (const result of users.import(all)) results.push(result)
    expect(results.map(({ user, problem }) => [user?.email ?? null, problem === null])).toEqual([
      ['a@example.com', true],
      [null, false],
      [null, false],
      ['b@example.com', true],
    ])
    expect(results[0]?.user?.hasPassword).toBe(true)
  })
})
