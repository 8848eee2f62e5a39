import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config/errors.ts'
import { openKeyring } from '../../src/keys/keyring.ts'
import { compromiseKey, rotateKeys } from '../../src/keys/rotation.ts'
import { createSecrets } from '../../src/keys/secrets.ts'
import { SECRET, testDeps, testFolder } from '../support/deps.ts'

const kidsOf = (body: string): string[] => JSON.parse(body).keys.map((key: { kid: string }) => key.kid)

describe('openKeyring, first start', () => {
  it('has ES256 and EdDSA at once, and RS256 as soon as it is made', async () => {
    const keyring = await openKeyring(await testDeps())
    expect(
      keyring
        .verificationKeys()
        .map((key) => key.alg)
        .sort(),
    ).toEqual(['ES256', 'EdDSA'])
    expect((await keyring.signer('RS256')).alg).toBe('RS256')
    expect(keyring.verificationKeys()).toHaveLength(3)
  })

  it('agrees on one key an algorithm when several start at once', async () => {
    const dataDir = await testFolder()
    const all = await Promise.all(
      Array.from({ length: 4 }, async () => openKeyring(await testDeps({}, dataDir))),
    )
    await Promise.all(all.map((keyring) => keyring.signer('RS256')))
    await Promise.all(all.map((keyring) => keyring.refresh()))
    expect(new Set(all.map((keyring) => keyring.jwks().body)).size).toBe(1)
    expect(kidsOf(all[0]?.jwks().body ?? '')).toHaveLength(3)
  })

  it('shows public parts only', async () => {
    const keyring = await openKeyring(await testDeps())
    await keyring.signer('RS256')
    const { keys } = JSON.parse(keyring.jwks().body)
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(
        expect.not.arrayContaining(['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']),
      )
      expect(key).toMatchObject({ use: 'sig', kid: expect.any(String), alg: expect.any(String) })
    }
  })
})

describe('a key that somebody with a shorter max-age made', () => {
  it("signs only once this process's own JWKS, which may lack it, has left every cache", async () => {
    const dataDir = await testFolder()
    const deps = await testDeps({ keys: { jwksMaxAgeSeconds: 3_600 } }, dataDir)
    const keyring = await openKeyring(deps)
    const first = (await keyring.signer('ES256')).kid
    await rotateKeys(await testDeps({ keys: { jwksMaxAgeSeconds: 300 } }, dataDir))
    deps.pass(3_600)
    await keyring.refresh()
    expect((await keyring.signer('ES256')).kid).toBe(first)
    deps.pass(60)
    expect((await keyring.signer('ES256')).kid).not.toBe(first)
  })
})

describe('refresh', () => {
  it('never shows an older reading over a newer one: a compromised key stays away', async () => {
    const deps = await testDeps()
    const keyring = await openKeyring(deps)
    await keyring.signer('RS256')
    const [kid = ''] = kidsOf(keyring.jwks().body)
    const { keys } = deps.storage
    const { list } = keys
    const late = Promise.withResolvers<void>()
    Object.assign(keys, {
      list: async (...given: Parameters<typeof list>) => {
        const records = await list(...given)
        await late.promise
        return records
      },
    })
    const older = keyring.refresh()
    Object.assign(keys, { list })
    await compromiseKey(deps, kid)
    await keyring.refresh()
    late.resolve()
    await older
    expect(kidsOf(keyring.jwks().body)).not.toContain(kid)
  })
})

describe('a key-encryption key', () => {
  it('that is not the one the keys were sealed under is refused, with cause and fix', async () => {
    const deps = await testDeps()
    await openKeyring(deps)
    const opened = openKeyring({
      ...deps,
      secrets: createSecrets(['another secret, as long as it has to be']),
    })
    await expect(opened).rejects.toThrow(ConfigError)
    await expect(opened).rejects.toThrow(
      /sealed under another secret: DOORWARD_SECRET.*new,old.*keys compromise/s,
    )
  })

  it('that comes first re-seals the keys, so that the old one can be dropped', async () => {
    const deps = await testDeps()
    const before = await openKeyring(deps)
    await before.signer('RS256')
    const young = 'a younger secret that takes over from the old one'
    await openKeyring({ ...deps, secrets: createSecrets([young, SECRET]) })
    const after = await openKeyring({ ...deps, secrets: createSecrets([young]) })
    expect(after.jwks()).toEqual(before.jwks())
    expect((await after.signer('ES256')).kid).toBe((await before.signer('ES256')).kid)
  })

  it('is bound to the row: swapped rows do not open', async () => {
    const deps = await testDeps()
    await openKeyring(deps)
    const [one, other] = await deps.storage.keys.list(deps.clock())
    await deps.storage.keys.reseal(one?.kid ?? '', one?.sealedPrivateJwk ?? '', other?.sealedPrivateJwk ?? '')
    await expect(openKeyring(deps)).rejects.toThrow(ConfigError)
  })
})

describe('the JWK set', () => {
  it('has one text and one ETag until the keys change', async () => {
    const deps = await testDeps()
    const keyring = await openKeyring(deps)
    await keyring.signer('RS256')
    const before = keyring.jwks()
    expect(before.etag).toMatch(/^"[\w-]{22}"$/)
    await keyring.refresh()
    expect(keyring.jwks()).toEqual(before)
    deps.pass(deps.config.keys.rotateSeconds)
    await keyring.upkeep()
    expect(keyring.jwks().etag).not.toBe(before.etag)
  })

  it('keeps the key objects that stay, since caches of verified tokens go by them', async () => {
    const deps = await testDeps()
    const keyring = await openKeyring(deps)
    await keyring.signer('RS256')
    const before = keyring.verificationKeys()
    await keyring.refresh()
    expect(keyring.verificationKeys().every((key) => before.includes(key))).toBe(true)
    deps.pass(deps.config.keys.rotateSeconds)
    await keyring.upkeep()
    expect(before.every((key) => keyring.verificationKeys().includes(key))).toBe(true)
    expect(keyring.verificationKeys()).toHaveLength(6)
  })
})
