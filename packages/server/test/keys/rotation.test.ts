import { describe, expect, it } from 'vitest'
import { openKeyring } from '../../src/keys/keyring.ts'
import { signsFromFor } from '../../src/keys/life.ts'
import { compromiseKey, rotateKeys } from '../../src/keys/rotation.ts'
import { testDeps, testFolder } from '../support/deps.ts'

const DAY = 86_400

async function open(settings = {}) {
  const deps = await testDeps(settings)
  const keyring = await openKeyring(deps)
  await keyring.signer('RS256')
  const inJwks = (kid: string) => keyring.jwks().body.includes(kid)
  const verifies = (kid: string) => keyring.verificationKeys().some((key) => key.kid === kid)
  return { deps, keyring, inJwks, verifies }
}

describe('rotation by itself', () => {
  it('publishes the next key before it signs, and keeps the old one until its last token has expired', async () => {
    const { deps, keyring, inJwks, verifies } = await open({ accessToken: { lifetimeSeconds: 1_000 } })
    const old = (await keyring.signer('ES256')).kid
    deps.pass(30 * DAY - 303)
    await keyring.upkeep()
    expect(keyring.verificationKeys()).toHaveLength(3)

    deps.pass(1)
    await keyring.upkeep()
    expect(keyring.verificationKeys()).toHaveLength(6)
    expect((await keyring.signer('ES256')).kid).toBe(old)

    deps.pass(302)
    const young = (await keyring.signer('ES256')).kid
    expect(young).not.toBe(old)
    await keyring.upkeep()
    expect([inJwks(old), inJwks(young)]).toEqual([true, true])

    deps.pass(1_000)
    expect([inJwks(old), verifies(old)]).toEqual([true, true])
    deps.pass(61)
    expect([inJwks(old), verifies(old), inJwks(young)]).toEqual([false, false, true])
    expect(keyring.verificationKeys()).toHaveLength(3)
  })

  it('keeps a key as long as the longest-lived resource needs it', async () => {
    const { deps, keyring, inJwks } = await open()
    const resource = {
      uri: 'https://api.example.com',
      name: null,
      scopes: [],
      claims: [],
      signingAlg: null,
      createdAt: 0,
    }
    await deps.storage.resources.insert({ ...resource, accessTokenLifetime: 7 * DAY })
    const old = (await keyring.signer('ES256')).kid
    deps.pass(30 * DAY)
    await keyring.upkeep()
    deps.pass(400)
    await keyring.upkeep()
    deps.pass(7 * DAY)
    expect(inJwks(old)).toBe(true)
    deps.pass(61)
    expect(inJwks(old)).toBe(false)
  })

  it('drops the private part of a key that has retired', async () => {
    const { deps, keyring } = await open()
    const old = (await keyring.signer('EdDSA')).kid
    deps.pass(30 * DAY)
    await keyring.upkeep()
    deps.pass(400)
    await keyring.upkeep()
    const record = (await deps.storage.keys.list(deps.clock())).find((key) => key.kid === old)
    expect(record).toMatchObject({ sealedPrivateJwk: null, retiredAt: deps.clock() })
  })

  it('makes one next key, however many processes rotate', async () => {
    const dataDir = await testFolder()
    const nodes = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const deps = await testDeps({}, dataDir)
        return { deps, keyring: await openKeyring(deps) }
      }),
    )
    await Promise.all(nodes.map(({ keyring }) => keyring.signer('RS256')))
    await Promise.all(nodes.map(({ keyring }) => keyring.refresh()))
    for (const { deps } of nodes) deps.pass(30 * DAY)
    await Promise.all(nodes.map(({ keyring }) => keyring.upkeep()))
    expect(await nodes[0]?.deps.storage.keys.list(nodes[0].deps.clock())).toHaveLength(6)
  })
})

describe('rotateKeys', () => {
  it('publishes the next key of every algorithm and says when each signs; asked again, the same ones', async () => {
    const { deps, keyring } = await open()
    const rotated = await rotateKeys(deps)
    expect(rotated.map(({ alg }) => alg).sort()).toEqual(['ES256', 'EdDSA', 'RS256'])
    expect(new Set(rotated.map(({ signsFrom }) => signsFrom))).toEqual(
      new Set([signsFromFor(deps.clock(), 300)]),
    )
    expect(await rotateKeys(deps)).toEqual(rotated)
    await keyring.refresh()
    expect(keyring.verificationKeys()).toHaveLength(6)
  })
})

describe('compromiseKey', () => {
  it('takes the signing key away and its replacement signs, both at once', async () => {
    const { deps, keyring, inJwks } = await open()
    const old = (await keyring.signer('ES256')).kid
    const replacement = await compromiseKey(deps, old)
    await keyring.refresh()
    expect((await keyring.signer('ES256')).kid).toBe(replacement)
    expect([inJwks(old), inJwks(replacement ?? '')]).toEqual([false, true])
    expect(deps.events.map(({ event }) => event)).toContain('key.compromised')
  })

  it('needs no replacement for a key that does not sign', async () => {
    const { deps, keyring, inJwks } = await open()
    const waiting = (await rotateKeys(deps))[0]?.kid ?? ''
    expect(await compromiseKey(deps, waiting)).toBeNull()
    await keyring.refresh()
    expect(inJwks(waiting)).toBe(false)
    expect(keyring.verificationKeys()).toHaveLength(5)
  })

  it('answers undefined for a key that is not there', async () => {
    const { deps } = await open()
    expect(await compromiseKey(deps, 'unknown')).toBeUndefined()
  })
})
