import { describe, expect, it } from 'vitest'
import { createResourceManagement } from '../../src/management/resources.ts'
import { NOW, testDeps } from '../support/deps.ts'

const uri = 'https://api.example.com'

async function open() {
  return { resources: createResourceManagement(await testDeps()) }
}

describe('resources', () => {
  it('registers an API with what its tokens carry, RFC 9068 §2.2.2', async () => {
    const { resources } = await open()
    const made = await resources.create({
      uri,
      scopes: ['read', 'write', 'read'],
      claims: ['email'],
      accessTokenLifetime: 3_600,
      signingAlg: 'EdDSA',
    })
    expect(made).toEqual({
      uri,
      name: null,
      scopes: ['read', 'write'],
      claims: ['email'],
      accessTokenLifetime: 3_600,
      signingAlg: 'EdDSA',
      createdAt: NOW,
    })
    expect(await resources.list()).toEqual([made])
  })

  it.each([
    [{ uri: 'api' }, 'uri'],
    [{ uri: `${uri}#x` }, 'uri'],
    [{ uri, scopes: ['a b'] }, 'scopes'],
    [{ uri, claims: ['password'] }, 'claims'],
    [{ uri, accessTokenLifetime: 0 }, 'accessTokenLifetime'],
    [{ uri, accessTokenLifetime: 1.5 }, 'accessTokenLifetime'],
    [{ uri, name: '' }, 'name'],
  ])('refuses %o', async (input, field) => {
    const { resources } = await open()
    await expect(resources.create(input)).rejects.toMatchObject({
      name: 'InputError',
      kind: 'invalid',
      field,
    })
  })

  it('refuses a second one by the same URI, and says what is not there', async () => {
    const { resources } = await open()
    await resources.create({ uri })
    await expect(resources.create({ uri })).rejects.toMatchObject({ kind: 'taken' })
    await resources.delete(uri)
    await expect(resources.delete(uri)).rejects.toMatchObject({ kind: 'unknown' })
    await expect(resources.show(uri)).rejects.toMatchObject({ kind: 'unknown' })
  })
})
