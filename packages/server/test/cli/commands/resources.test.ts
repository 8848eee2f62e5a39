import { describe, expect, it } from 'vitest'
import { cliOn, temporaryFolder } from '../doorward.ts'

const folder = await temporaryFolder()
const cli = cliOn(folder, ['--data', 'data'])
const api = 'https://api.example.com'

describe('resources', () => {
  it('create prints it in the names of RFC 9728 §2 where it has some', async () => {
    const flags = ['--name', 'Orders', '--scope', 'orders:read orders:write', '--claims', 'email name']
    const more = ['--access-token-lifetime', '1h', '--signing-alg', 'RS256']
    const made = await cli.json(['resources', 'create', api, ...flags, ...more])
    expect(made).toEqual({
      resource: api,
      resource_name: 'Orders',
      scopes_supported: ['orders:read', 'orders:write'],
      claims: ['email', 'name'],
      access_token_lifetime: 3600,
      signing_alg: 'RS256',
      created_at: expect.any(Number),
    })
    expect(await cli.json(['resources', 'show', api])).toEqual(made)
    expect(await cli.json(['resources', 'list'])).toEqual([made])
  })

  it.each([
    [['resources', 'create', api], 'exists already'],
    [['resources', 'create', 'orders'], 'absolute URI'],
    [['resources', 'create', 'https://b.example.com', '--claims', 'shoe_size'], 'given_name'],
    [['resources', 'show', 'https://b.example.com'], 'no resource'],
    [['resources', 'delete', 'https://b.example.com'], 'no resource'],
  ])('%j fails with the reason and exit code 1', async (args, says) => {
    const { code, stderr } = await cli.run(args)
    expect(stderr).toContain(says)
    expect(code).toBe(1)
  })

  it('delete removes it', async () => {
    await cli.json(['resources', 'create', 'https://c.example.com'])
    expect(await cli.json(['resources', 'delete', 'https://c.example.com'])).toMatchObject({ deleted: true })
    expect(await cli.json(['resources', 'list'])).toHaveLength(1)
  })
})
