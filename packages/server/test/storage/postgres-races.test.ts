import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/ports.ts'
import {
  aCode,
  aFamily,
  aHash,
  aNext,
  aSeed,
  aSession,
  aToken,
  findSession,
  isLive,
  NOW,
  signIn,
} from './contract/samples.ts'
import { createPostgresPlace } from './postgres-place.ts'

/**
 * What a transaction cannot see is what others have not committed yet: the UPDATE that ends everything of a user
 * misses the family that is being stored beside it. It has to be dead all the same.
 */
describe('everything of a user ends, with what is being stored at that moment', () => {
  let place: Awaited<ReturnType<typeof createPostgresPlace>>
  let storage: Storage
  beforeEach(async () => {
    place = await createPostgresPlace()
    storage = await place.open()
  })
  afterEach(async () => {
    await storage.close()
    await place.remove()
  })

  /** A storage that does `beside` when its first transaction is done but for the commit. */
  const interrupted = (beside: () => Promise<unknown>): Promise<Storage> => {
    let done = false
    return place.open({
      aroundCommit: async (commit) => {
        if (!done) await beside()
        done = true
        await commit()
      },
    })
  }

  it.each([
    ['a new password', async (userId: string) => storage.users.setPassword(userId, 'new', NOW)],
    [
      'disabling, even when enabled again',
      async (userId: string) => {
        await storage.users.disable(userId, NOW)
        await storage.users.enable(userId, NOW)
      },
    ],
  ])('a family beside %s', async (_what, end) => {
    const { grant } = await signIn(storage)
    const [code, family, seed] = [aCode(grant), aFamily(grant), aSeed()]
    await storage.codes.insert(code)
    const beside = await interrupted(() => end(grant.userId))
    const redemption = await beside.codes.redeem(
      code.hash,
      { family, refreshToken: seed, generation: 0 },
      NOW,
    )
    expect(redemption).toEqual({ kind: 'redeemed' })
    expect((await storage.families.find(family.id))?.revokedAt).not.toBeNull()
    expect(await isLive(storage, family)).toBe(false)
    expect(await storage.refreshTokens.rotate(aToken(family, seed), aNext(), NOW)).toBe(false)
    expect(await storage.refreshTokens.find(seed.hash, NOW)).toMatchObject({ session: null })
    await beside.close()
  })

  it('but a family with offline_access beside a sign-out stays, as one from before it would', async () => {
    const { grant } = await signIn(storage)
    const [code, family, seed] = [aCode(grant), aFamily(grant), aSeed()]
    await storage.codes.insert(code)
    const beside = await interrupted(() => storage.sessions.end(grant.sid, NOW))
    const minted = { family, refreshToken: seed, generation: 0 }
    expect(await beside.codes.redeem(code.hash, minted, NOW)).toEqual({ kind: 'redeemed' })
    expect(await storage.refreshTokens.find(seed.hash, NOW)).toMatchObject({ session: null })
    expect(await storage.refreshTokens.rotate(aToken(family, seed), aNext(), NOW)).toBe(true)
    await beside.close()
  })

  it('a session beside a new password', async () => {
    const { user } = await signIn(storage)
    const idHash = aHash()
    const beside = await interrupted(() => storage.users.setPassword(user.id, 'new', NOW))
    await beside.sessions.insert(aSession(user.id), idHash)
    expect(await findSession(storage, idHash)).toBeNull()
    await beside.close()
  })

  it('a token that rotates beside the revocation of its family', async () => {
    const { grant } = await signIn(storage)
    const [code, family, seed] = [aCode(grant), aFamily(grant), aSeed()]
    await storage.codes.insert(code)
    await storage.codes.redeem(code.hash, { family, refreshToken: seed, generation: 0 }, NOW)
    const next = aNext()
    const beside = await interrupted(() => storage.families.revoke(family.id, NOW))
    expect(await beside.refreshTokens.rotate(aToken(family, seed), next, NOW)).toBe(true)
    expect((await storage.refreshTokens.find(next.token.hash, NOW))?.family.revokedAt).toBe(NOW)
    expect(await storage.refreshTokens.rotate(aToken(family, next.token), aNext(), NOW)).toBe(false)
    await beside.close()
  })
})
