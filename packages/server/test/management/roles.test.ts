import { describe, expect, it } from 'vitest'
import { createResourceManagement } from '../../src/management/resources.ts'
import { createRoleManagement } from '../../src/management/roles.ts'
import { createUserManagement } from '../../src/management/users.ts'
import { testDeps } from '../support/deps.ts'

const uri = 'https://api.example.com'

async function open() {
  const deps = await testDeps()
  return {
    deps,
    resources: createResourceManagement(deps),
    roles: createRoleManagement(deps),
    users: createUserManagement(deps),
  }
}

describe('roles', () => {
  it('allow permissions at a resource, and are granted and taken away', async () => {
    const { deps, resources, roles, users } = await open()
    await resources.create({ uri, scopes: ['orders:write'] })
    const { id } = await users.create({ email: 'ada@example.com' })
    await roles.create('clerk')
    await roles.allow('clerk', { resource: uri, permission: 'orders:write' })
    await roles.grant('clerk', { user: 'Ada@example.com' })
    expect(await deps.storage.roles.of({ kind: 'user', id }, uri)).toEqual({
      roles: ['clerk'],
      permissions: ['orders:write'],
    })
    await roles.revoke('clerk', { user: id })
    expect(await deps.storage.roles.of({ kind: 'user', id }, uri)).toEqual({ roles: [], permissions: [] })
    await expect(roles.revoke('clerk', { user: id })).rejects.toMatchObject({ kind: 'unknown' })
  })

  it('say which part is missing', async () => {
    const { resources, roles } = await open()
    await resources.create({ uri, scopes: ['read'] })
    await roles.create('clerk')
    await expect(roles.create('clerk')).rejects.toMatchObject({ kind: 'taken', field: 'name' })
    await expect(roles.create('two words')).rejects.toMatchObject({ kind: 'invalid', field: 'name' })
    await expect(roles.allow('boss', { resource: uri, permission: 'read' })).rejects.toMatchObject({
      field: 'role',
    })
    await expect(roles.allow('clerk', { resource: 'https://x.y', permission: 'read' })).rejects.toMatchObject(
      { field: 'resource' },
    )
    await expect(roles.allow('clerk', { resource: uri, permission: 'write' })).rejects.toMatchObject({
      field: 'permission',
    })
    await expect(roles.grant('clerk', { user: 'nobody@example.com' })).rejects.toMatchObject({
      field: 'user',
    })
    await expect(roles.grant('clerk', { client: 'nobody' })).rejects.toMatchObject({ field: 'holder' })
  })
})
