import { OAuthError } from '@doorward/core'
import { sha256 } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import { clientToWire, createClientManagement } from '../../src/management/clients.ts'
import { NOW, testDeps } from '../support/deps.ts'

const APP = { client_name: 'App', redirect_uris: ['https://app.example.com/cb'] }

async function open() {
  const deps = await testDeps()
  return { deps, clients: createClientManagement(deps) }
}

describe('clients', () => {
  it('registers a client, whose secret is known once and stored as its hash', async () => {
    const { deps, clients } = await open()
    const made = await clients.create(APP)
    expect(made.secret).toMatch(/^[\w-]{43}$/)
    expect(made.client.secretHash).toBe(sha256(made.secret ?? ''))
    expect(await clients.show(made.client.id)).toEqual(made.client)
    expect(JSON.stringify(deps.events)).not.toContain(made.secret)
  })

  it('is shown in the names of RFC 7591 §3.2.1', async () => {
    const { clients } = await open()
    const made = await clients.create(APP)
    expect(clientToWire(made)).toMatchObject({
      client_id: made.client.id,
      client_secret: made.secret,
      client_secret_expires_at: 0,
      client_id_issued_at: NOW,
      ...APP,
      scope: 'openid profile email offline_access',
      token_endpoint_auth_method: 'client_secret_basic',
    })
    expect(clientToWire({ ...made, secret: null })).not.toHaveProperty('client_secret')
  })

  it('gives no secret to a client that proves itself otherwise', async () => {
    const { clients } = await open()
    const made = await clients.create({ ...APP, token_endpoint_auth_method: 'none' })
    expect([made.secret, made.client.secretHash]).toEqual([null, null])
    await expect(clients.rotateSecret(made.client.id)).rejects.toThrow(/has no secret/)
  })

  it('refuses misspelt members by name', async () => {
    const { clients } = await open()
    await expect(clients.create({ ...APP, redirect_uri: 'x' })).rejects.toMatchObject({
      name: 'InputError',
      field: 'redirect_uri',
    })
  })

  it('refuses what the registration rules refuse, RFC 7591 §3.2.2', async () => {
    const { clients } = await open()
    await expect(clients.create({ ...APP, redirect_uris: ['http://app.example.com/cb'] })).rejects.toThrow(
      OAuthError,
    )
  })

  it('takes an id, once', async () => {
    const { clients } = await open()
    expect((await clients.create(APP, { id: 'my-app' })).client.id).toBe('my-app')
    await expect(clients.create(APP, { id: 'my-app' })).rejects.toMatchObject({ kind: 'taken', field: 'id' })
    await expect(clients.create(APP, { id: 'my app' })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'id',
    })
  })

  it('rotates a secret and deletes a client', async () => {
    const { deps, clients } = await open()
    const { client, secret } = await clients.create(APP)
    const rotated = await clients.rotateSecret(client.id)
    expect(rotated.secret).not.toBe(secret)
    expect((await clients.show(client.id)).secretHash).toBe(sha256(rotated.secret ?? ''))
    await clients.delete(client.id)
    expect(await clients.find(client.id)).toBeNull()
    await expect(clients.delete(client.id)).rejects.toMatchObject({ kind: 'unknown' })
    expect(deps.events.map(({ event }) => event)).toEqual([
      'client.created',
      'client.secret_rotated',
      'client.deleted',
    ])
  })
})
