import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectNoDeadlock } from '../../../../tests/support/postgres.ts'
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
  mint,
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

describe('processes that sweep at once', () => {
  let place: Awaited<ReturnType<typeof createPostgresPlace>>
  const opened: Storage[] = []
  const open = async () => {
    const storage = await place.open()
    opened.push(storage)
    return storage
  }
  beforeEach(async () => {
    place = await createPostgresPlace()
  })
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close()
    await place.remove()
  })

  /** So many people with a session and a family that lives by it. */
  async function signedIn(storage: Storage, people: number) {
    for (let made = 0; made < people; made += 1) {
      const { grant } = await signIn(storage)
      await mint(storage, { ...grant, offline: false })
    }
  }
  const sweepAllOf = async (storage: Storage, now: number, batch: number) => {
    for (const sweep of storage.maintenance.sweeps) while ((await sweep(now, batch)).gone > 0);
  }

  it('leave no family of a session that one of them removed', async () => {
    const nodes = [await open(), await open(), await open()]
    const later = NOW * 2
    await signedIn(nodes[0] as Storage, 60)
    await place.run('UPDATE sessions SET idle_expires_at = 1')
    // What lives by its own end: families that were not told of the end of their session would stay.
    await place.run(`UPDATE families SET sweep_at = ${later}`)
    await place.run(`UPDATE refresh_tokens SET expires_at = ${later}`)
    await Promise.all(nodes.map((node) => sweepAllOf(node, NOW, 3)))
    expect(await place.run('SELECT id FROM families')).toEqual([])
    await expectNoDeadlock(place.databaseUrl)
  })
})

describe('two that end the same session wait for one another, and neither for ever:', () => {
  type Ends = (storage: Storage, of: { readonly userId: string; readonly sid: string }) => Promise<unknown>
  const sweeps: Ends = async (storage) => {
    await place.run('UPDATE sessions SET idle_expires_at = 1')
    for (const sweep of storage.maintenance.sweeps) await sweep(NOW, 20)
  }
  const setsPassword: Ends = (storage, { userId }) => storage.users.setPassword(userId, 'new', NOW)
  const signsOut: Ends = (storage, { sid }) => storage.sessions.end(sid, NOW)

  let place: Awaited<ReturnType<typeof createPostgresPlace>>
  beforeEach(async () => {
    place = await createPostgresPlace()
  })
  afterEach(() => place.remove())

  it.each([
    ['the sweep and a new password', sweeps, setsPassword],
    ['a new password and a sign-out', setsPassword, signsOut],
  ])('%s', async (_who, first, second) => {
    const [storage, other] = [await place.open(), await place.open()]
    const { grant } = await signIn(storage)
    await mint(storage, { ...grant, offline: false })
    const waiting = async () => {
      const locked = "datname = current_database() AND wait_event_type = 'Lock'"
      return (await place.run(`SELECT pid FROM pg_stat_activity WHERE ${locked}`)).length
    }
    const holder = new pg.Client({ connectionString: place.databaseUrl, options: '-c search_path=doorward' })
    await holder.connect()
    await holder.query('BEGIN')
    await holder.query('SELECT id FROM families FOR UPDATE')
    const ending = first(storage, grant)
    await expect.poll(waiting).toBe(1)
    const beside = second(other, grant)
    await expect.poll(waiting).toBe(2)
    await holder.query('COMMIT')
    await Promise.all([ending, beside])
    await expectNoDeadlock(place.databaseUrl)
    await holder.end()
    await storage.close()
    await other.close()
  })
})
