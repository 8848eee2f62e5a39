import { describe, expect, it } from 'vitest'
import { cliOn, temporaryFolder } from '../doorward.ts'

const folder = await temporaryFolder()
const cli = cliOn(folder, ['--data', 'data'])
const api = 'https://api.example.com'

describe('roles', () => {
  it('are created, allowed, granted and revoked', async () => {
    await cli.json(['resources', 'create', api, '--scope', 'orders:read orders:write'])
    const user = Object(await cli.json(['users', 'create', '--email', 'ada@example.com']))
    const client = Object(
      await cli.json(['clients', 'create', '--name', 'Robot', '--grant', 'client_credentials']),
    )
    expect(await cli.json(['roles', 'create', 'buyer'])).toEqual({
      name: 'buyer',
      permissions: [],
      users: [],
      clients: [],
    })
    await cli.json(['roles', 'allow', 'buyer', '--resource', api, '--permission', 'orders:read orders:write'])
    await cli.json(['roles', 'grant', 'buyer', '--user', 'ADA@example.com'])
    const buyer = await cli.json(['roles', 'grant', 'buyer', '--client', client.client_id])
    expect(buyer).toEqual({
      name: 'buyer',
      permissions: [
        { resource: api, permission: 'orders:read' },
        { resource: api, permission: 'orders:write' },
      ],
      users: [user.sub],
      clients: [client.client_id],
    })
    expect(await cli.json(['roles', 'list'])).toEqual([buyer])
    expect(await cli.json(['roles', 'revoke', 'buyer', '--user', user.sub])).toMatchObject({ users: [] })
  })

  it.each([
    [['roles', 'create', 'buyer'], 'exists already'],
    [['roles', 'create', 'two words'], 'without spaces'],
    [['roles', 'allow', 'seller', '--resource', api, '--permission', 'orders:read'], 'no role'],
    [
      ['roles', 'allow', 'buyer', '--resource', 'https://x.example.com', '--permission', 'orders:read'],
      'no resource',
    ],
    [['roles', 'allow', 'buyer', '--resource', api, '--permission', 'orders:delete'], 'does not know'],
    [['roles', 'grant', 'buyer', '--user', 'nobody@example.com'], 'no account'],
    [['roles', 'revoke', 'buyer', '--user', 'ada@example.com'], 'does not have'],
  ])('%j fails with the reason and exit code 1', async (args, says) => {
    const { code, stdout, stderr } = await cli.run(args)
    expect(stderr).toContain(says)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})
