import { describe, expect, it } from 'vitest'
import { openKeyring } from '../../src/keys/keyring.ts'
import { createKeyManagement } from '../../src/management/keys.ts'
import { testDeps } from '../support/deps.ts'

async function open() {
  const deps = await testDeps()
  const keyring = await openKeyring(deps)
  await keyring.signer('RS256')
  return { deps, keys: createKeyManagement(deps, async () => deps.secrets) }
}

describe('keys', () => {
  it('are listed with their state and without their private parts', async () => {
    const { deps, keys } = await open()
    await keys.rotate()
    const listed = await keys.list()
    expect(listed.map(({ state }) => state).sort()).toEqual([
      'published',
      'published',
      'published',
      'signing',
      'signing',
      'signing',
    ])
    expect(JSON.stringify(listed)).not.toMatch(/sealed|v1\./)
    deps.pass(400)
    expect(new Set((await keys.list()).map(({ state }) => state))).toEqual(new Set(['signing', 'retired']))
  })

  it('are listed without asking for a secret', async () => {
    const { deps } = await open()
    const keys = createKeyManagement(deps, () => Promise.reject(new Error('asked')))
    expect(await keys.list()).toHaveLength(3)
  })

  it('say that a compromised kid is not there', async () => {
    const { keys } = await open()
    await expect(keys.compromise('unknown')).rejects.toMatchObject({ name: 'InputError', kind: 'unknown' })
  })
})
