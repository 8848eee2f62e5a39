import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSigningJwk, publicJwk } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import { cliOn, temporaryFolder } from '../doorward.ts'

const folder = await temporaryFolder()
const cli = cliOn(folder, ['--data', 'clients'])
const callback = 'https://shop.example.com/callback'

const create = async (...flags: string[]): Promise<Record<string, unknown>> =>
  Object(await cli.json(['clients', 'create', '--name', 'Shop', ...flags]))

describe('clients create', () => {
  it('prints client_id and client_secret as RFC 7591 §3.2.1 names them, with the defaults', async () => {
    expect(await create('--redirect-uri', callback)).toMatchObject({
      client_id: expect.stringMatching(/^[\w-]{22}$/),
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: 0,
      client_id_issued_at: expect.any(Number),
      client_name: 'Shop',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: [callback],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'openid profile email offline_access',
      trusted: false,
      first_party: false,
      pkce: 'required',
    })
  })

  it('takes every flag', async () => {
    const key = publicJwk(generateSigningJwk('ES256'))
    await writeFile(join(folder, 'jwks.json'), JSON.stringify({ keys: [key] }))
    const client = await create(
      ...['--grant', 'authorization_code', '--grant', 'client_credentials', '--scope', 'openid orders:read'],
      ...['--redirect-uri', callback, '--redirect-uri', 'https://shop.example.com/other'],
      ...['--post-logout-redirect-uri', 'https://shop.example.com/bye'],
      ...['--auth-method', 'private_key_jwt', '--jwks', 'jwks.json', '--trusted', '--first-party'],
      ...['--pkce', 'optional', '--introspects', 'https://api.example.com'],
      ...['--default-resource', 'https://api.example.com', '--cors-origin', 'https://shop.example.com'],
      ...['--backchannel-logout-uri', 'https://shop.example.com/logout'],
      ...['--set', 'id_token_signed_response_alg=ES256', '--set', 'default_max_age=60'],
      ...['--set', 'require_auth_time=true', '--set', 'contacts=a@example.com b@example.com'],
    )
    expect(client).toMatchObject({
      grant_types: ['authorization_code', 'client_credentials'],
      scope: 'openid orders:read',
      redirect_uris: [callback, 'https://shop.example.com/other'],
      post_logout_redirect_uris: ['https://shop.example.com/bye'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ kid: key.kid }] },
      trusted: true,
      first_party: true,
      pkce: 'optional',
      introspects: ['https://api.example.com'],
      default_resource: 'https://api.example.com',
      cors_origins: ['https://shop.example.com'],
      backchannel_logout_uri: 'https://shop.example.com/logout',
      id_token_signed_response_alg: 'ES256',
      default_max_age: 60,
      require_auth_time: true,
      contacts: ['a@example.com', 'b@example.com'],
    })
    expect(client).not.toHaveProperty('client_secret')
  })

  it('makes public clients without a secret, native where every URI is on the device (RFC 8252 §7)', async () => {
    const client = await create('--auth-method', 'none', '--redirect-uri', 'http://127.0.0.1/callback')
    expect(client).not.toHaveProperty('client_secret')
    expect(client).toMatchObject({ application_type: 'native' })
  })

  it('shows the secret once and says so, on stderr', async () => {
    const { stdout, stderr } = await cli.run([
      'clients',
      'create',
      '--name',
      'Shop',
      '--redirect-uri',
      callback,
    ])
    expect(stdout).toMatch(/^client_id +\S+\nclient_secret +\S{43}\n/)
    expect(stderr).toContain('shown this once')
  })

  it.each([
    [['--redirect-uri', 'http://shop.example.com/cb'], 'https'],
    [['--redirect-uri', `${callback}#fragment`], 'fragment'],
    [['--set', 'redirect_uri=https://x'], 'redirect_uri'],
    [['--auth-method', 'private_key_jwt', '--redirect-uri', callback], 'jwks'],
    [['--redirect-uri', callback, '--jwks', 'absent.json'], 'absent.json does not exist'],
  ])('refuses %j with exit code 1 and the reason', async (flags, says) => {
    const { code, stdout, stderr } = await cli.run(['clients', 'create', '--name', 'Shop', ...flags])
    expect(stderr).toContain(says)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  it('refuses a key file that is no JSON without quoting it', async () => {
    await writeFile(join(folder, 'key.pem'), '-----BEGIN PRIVATE KEY-----\nMIG')
    const flags = ['--name', 'Shop', '--redirect-uri', callback, '--jwks', 'key.pem']
    const { code, stderr } = await cli.run(['clients', 'create', ...flags])
    expect(stderr).toContain('JWK set')
    expect(stderr).not.toContain('BEGIN')
    expect(code).toBe(1)
  })
})

describe('clients list, show, rotate-secret, delete', () => {
  it('never show a secret again', async () => {
    const { client_id, client_secret, client_secret_expires_at, ...rest } = await create(
      '--redirect-uri',
      callback,
    )
    const shown = await cli.json(['clients', 'show', String(client_id)])
    expect(shown).toEqual({ client_id, ...rest })
    expect(await cli.json(['clients', 'list'])).toContainEqual(shown)
  })

  it('rotate-secret answers a new secret', async () => {
    const { client_id, client_secret } = await create('--redirect-uri', callback)
    const rotated = Object(await cli.json(['clients', 'rotate-secret', String(client_id)]))
    expect(rotated).toMatchObject({ client_id, client_secret: expect.stringMatching(/^[\w-]{43}$/) })
    expect(rotated.client_secret).not.toBe(client_secret)
  })

  it('rotate-secret refuses a client without one', async () => {
    const { client_id } = await create('--auth-method', 'none', '--redirect-uri', callback)
    const { code, stderr } = await cli.run(['clients', 'rotate-secret', String(client_id)])
    expect(stderr).toContain('no secret')
    expect(code).toBe(1)
  })

  it('delete removes it', async () => {
    const { client_id } = await create('--redirect-uri', callback)
    expect(await cli.json(['clients', 'delete', String(client_id), '--yes'])).toEqual({
      client_id,
      deleted: true,
    })
    const { code, stderr } = await cli.run(['clients', 'show', String(client_id)])
    expect(stderr).toContain('no client')
    expect(code).toBe(1)
  })

  it('list says the next step where there is none', async () => {
    const { stdout } = await cliOn(folder, ['--data', 'empty']).run(['clients', 'list'])
    expect(stdout).toContain('doorward clients create')
  })
})
